package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.regex.Pattern;

/**
 * Drops reasoning that holds code (as DeepSeek-R1 did with code blocks), unless the question is about code: fenced blocks,
 * and programs without fences.
 *
 * @param everywhere whether code is dropped where the question is about code too, as in DeepSeek-R1's curation
 */
public record NoCodeBlocks(boolean everywhere) implements TraceFilter {
    public static final String NAME = "code_in_reasoning";

    private static final Pattern ABOUT_CODE = Pattern.compile(
            "```|~~~|\\b(?:code|coding|coded|program(?:me|s|ming|mer|mers|matically)?|pseudo-?code|python|java(?:script)?|typescript|rust|golang|kotlin|haskell|c\\+\\+|c#|sql|bash|shell|html|css|latex|regex(?:es|p)?"
                    + "|regular expression|script|stdin|stdout|algorithm|compile[rs]?|implement(?:ation|s|ed|ing)?|debug\\w*|function \\w+\\(|api|json|yaml|unit test|data structure|linked list|leetcode|codeforces|time limit|class \\w+:|def \\w+\\()(?![\\w])"
                    + "|代码|编程|程序|算法|函数.{0,6}实现|脚本|编写|输入格式|プログラム|コード",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BLOCKS =
            Pattern.compile("```.*?(?:```|\\z)|\\[asy].*?(?:\\[/asy]|\\z)", Pattern.DOTALL);

    /** Lines that only programs have. */
    private static final Pattern CODE_LINE = Pattern.compile(
            "(?:(?:async )?def \\w+\\(.*\\).*:|class \\w+(?:\\(.*\\))?:|(?:from [\\w.]+ )?import [\\w.*{} ,]+;?|#include ?[<\"].*|(?:for|while) .*(?: in .*|[<>=].*|True):|(?:if|elif) .*(?:==|<|>|!=| in | not ).*:|else:|try:|except.*:|return [\\w\\[\\]().,+*/ -]+;?|print\\(.*\\)"
                    + "|(?:public|private|static|const|let|var|int|long|double|float|void|auto|String|vector<\\w+>) [\\w<>\\[\\], ]+(?:=.*;|\\(.*\\) ?\\{?|;)|(?:for|while|if) ?\\(.*\\) ?\\{|\\} ?(?:else.*\\{)?;?|function \\w*\\(.*\\) ?\\{|console\\.log\\(.*\\);?|std::.*;|using namespace \\w+;|[\\w.\\[\\]]+ ?(?:[+*-]?=) ?(?:\\w+\\(.*\\)|\\[.*\\]|\\{.*\\});?|[\\w.]+\\.(?:append|push|push_back|add|sort|pop|split|join|items|keys)\\(.*\\);?|SELECT .* FROM .*|(?:val|let|const|type|interface|fn|func|struct|enum|impl|pub|use|package|namespace|template) [^\\\\$]*[={(<:].*)");

    /** A statement, or what opens a block; each of its many ways to fail is tried, so only where the line ends so. */
    private static final Pattern STATEMENT = Pattern.compile("[^\\\\$]*[\\w)\\]\"'] ?[({=:][^\\\\$]*[;{]");

    /** So many of them, comments and blank lines between, are a program. */
    private static final int LINES = 3;

    /** Code begins no line with another character. */
    private static final String LEADS = "(#}_";

    /** Reasoning about code may hold code. */
    public NoCodeBlocks() {
        this(false);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** A text without its code: fenced blocks, and drawings in Asymptote, as MATH has them. */
    static String without(String text) {
        boolean code = text.contains("```") || text.contains("[asy]");
        return code ? BLOCKS.matcher(text).replaceAll(" ") : text;
    }

    @Override
    public Verdict check(Trace trace) {
        String reasoning = trace.reasoning() == null ? "" : trace.reasoning();
        int fences = count(reasoning, "```") + count(reasoning, "~~~");
        boolean program = fences == 0 && isProgram(without(reasoning));
        if (fences == 0 && !program) {
            return Verdict.pass(NAME, "no code block");
        }
        if (!everywhere && isAboutCode(trace.question())) {
            return Verdict.pass(NAME, "the question is about code");
        }
        return Verdict.fail(NAME, program ? "reasoning [program]: without fences" : "reasoning [fences]: " + fences);
    }

    static boolean isAboutCode(String question) {
        return ABOUT_CODE.matcher(question).find();
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 3)) {
            count++;
        }
        return count;
    }

    /** Whether {@link #LINES} lines of code stand near one another. */
    private static boolean isProgram(String text) {
        int lines = 0;
        int others = 0;
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            int from = start;
            while (from < end && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
                from++;
            }
            if (from < end && mayBeCode(text, from, end) && isCode(text, from, end)) {
                others = 0;
                if (++lines >= LINES) {
                    return true;
                }
            } else if (from < end && text.charAt(from) != '#' && ++others >= LINES) {
                lines = 0;
            }
            start = end + 1;
        }
        return false;
    }

    private static boolean isCode(String text, int from, int end) {
        char last = text.charAt(end - 1);
        return CODE_LINE.matcher(text).region(from, end).matches()
                || ((last == ';' || last == '{')
                        && STATEMENT.matcher(text).region(from, end).matches());
    }

    /** Short lines that end as code does. */
    private static boolean mayBeCode(String text, int from, int end) {
        char first = text.charAt(from);
        char last = text.charAt(end - 1);
        boolean begins = Character.isLetter(first) || LEADS.indexOf(first) >= 0;
        return begins && end - from < 160 && (":;{})]>\"".indexOf(last) >= 0 || "iflvctuesnprS".indexOf(first) >= 0);
    }
}
