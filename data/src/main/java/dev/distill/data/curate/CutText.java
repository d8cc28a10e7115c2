package dev.distill.data.curate;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells that a text stops in the middle: of a formula, of code, of a bracket, of a sentence. */
final class CutText {
    /** No sentence and no heading ends with these. */
    private static final Set<String> NEVER_LAST = Set.of(
            ("the a an and or but of to in on at for with from by as is are was were be been has have had will would can could"
                            + " should must than that which who whose because since if when while so then therefore thus hence where"
                            + " into about we i he she they it's its their our your my this these those such per plus minus times"
                            + " equals gives get let means not also only both either neither each every")
                    .split(" "));

    /** Honest ends that are such words all the same: that is what it is; what this is about. */
    private static final Pattern HONEST_LAST = Pattern.compile(
            "(?:what|how|who|where|it|that|there|this|as|than|whether|or|so|if|is|all|log|day) (?:\\w+ ){0,5}?(?:is|are|was|were|for|of|in|on|to|about|from|with|by|at|not|be|been|has|have|had|can|would|should|must|will|this|that|so|each|both|either|neither|get|means|gives)$|\\bper$|\\b(?:part|vitamin|option|choice|case|grade|type|plan|point|step|set|answer|block|group|class|section|variant|team|product|angle|side) (?:a|i)$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern I_MUST = Pattern.compile(
            "\\b(?:i|we) (?:need|have|get|can|should|must|will|first|then|now|also)$", Pattern.CASE_INSENSITIVE);

    private static final String OPEN_END = ",;:([{+*/=<>≤≥≠×÷&^_\\-–、，；：（【「《";

    /** The tail in which an open bracket counts. */
    private static final int TAIL = 160;

    /** Words of a line that is prose and no heading. */
    private static final int PROSE = 8;

    private static final Pattern LIST_MARK = Pattern.compile("(?:\\n|^)\\s*(?:\\d{1,2}[.)]|[-*•]|#{1,6})$");
    private static final Pattern END_OF_SENTENCE = Pattern.compile("[.!?。！？…][\"')\\]*_”’」』]*(?=\\s|$)");

    private CutText() {}

    /** What is missing at the end of a text; null where nothing is. */
    static @Nullable String find(String whole, boolean prose) {
        String text = whole.stripTrailing();
        if (text.isEmpty()) {
            return null;
        }
        String open = openEnvironment(text);
        if (open != null) {
            return open;
        }
        if (LIST_MARK.matcher(text.substring(Math.max(0, text.length() - 12))).find()) {
            return "ends with an empty item";
        }
        char last = text.charAt(text.length() - 1);
        boolean rule = text.endsWith("---")
                || text.endsWith("***")
                || text.endsWith("___")
                || text.endsWith("**")
                || text.endsWith("==");
        boolean smile = text.endsWith(":)")
                || text.endsWith("\\\\")
                || text.endsWith("*")
                || text.endsWith("_")
                || text.endsWith("|-");
        if (OPEN_END.indexOf(last) >= 0 && !rule && !smile && !isFence(text)) {
            return "ends with " + last;
        }
        if (endsInside(text)) {
            return "ends inside a bracket";
        }
        return endsWithin(text, prose);
    }

    /** Formulas and code that nothing closes. */
    private static @Nullable String openEnvironment(String text) {
        if (text.indexOf('`') >= 0 && count(text, "```") % 2 == 1) {
            return "code is not closed";
        }
        if (text.indexOf('$') >= 0 && isInDisplay(text)) {
            return "a formula is not closed: $$";
        }
        if (text.indexOf('\\') < 0) {
            return null;
        }
        if (count(text, "\\[") > count(text, "\\]")
                && text.lastIndexOf("\\[") > text.lastIndexOf("\\]")
                && !isRowGap(text)) {
            return "a formula is not closed: \\[";
        }
        if (count(text, "\\(") > count(text, "\\)") && text.lastIndexOf("\\(") > text.lastIndexOf("\\)")) {
            return "a formula is not closed: \\(";
        }
        if (count(text, "\\begin{") > count(text, "\\end{")) {
            return "a formula is not closed: \\begin";
        }
        int boxed = text.lastIndexOf("\\boxed{");
        return boxed >= 0 && braces(text, boxed) > 0 ? "a box is not closed" : null;
    }

    /** Whether a text ends behind a $$ that opens; $a$$b$ has none, and dollars of money only hide one. */
    private static boolean isInDisplay(String text) {
        boolean inline = false;
        boolean display = false;
        for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
            if (at > 0 && text.charAt(at - 1) == '\\' && !isDouble(text, at)) {
                continue;
            }
            if (!inline && text.startsWith("$$", at)) {
                display = !display;
                at++;
            } else if (!display) {
                inline = !inline;
            }
        }
        return display;
    }

    /** Whether the last \[ is a line break with a distance, \\[2pt]. */
    private static boolean isRowGap(String text) {
        int at = text.lastIndexOf("\\[");
        return at > 0 && text.charAt(at - 1) == '\\';
    }

    private static int braces(String text, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = text.charAt(i - (i > 0 ? 1 : 0)) == '\\';
            depth += escaped ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == '}' && depth == 0) {
                return 0;
            }
        }
        return depth;
    }

    private static boolean isFence(String text) {
        int line = text.lastIndexOf('\n') + 1;
        return text.startsWith("```", line) || text.startsWith("|", line);
    }

    /** An opening round bracket in the last sentence that nothing closes; [0, 1) and 1) are none. */
    private static boolean endsInside(String text) {
        if (!Character.isLetterOrDigit(text.charAt(text.length() - 1))) {
            return false;
        }
        int from = Math.max(text.length() - TAIL, text.lastIndexOf('\n') + 1);
        int depth = 0;
        for (int i = text.length() - 1; i >= from; i--) {
            char c = text.charAt(i);
            depth += c == ')' || c == ']' || c == '}' || c == '）' ? 1 : 0;
            if ((c == '»' || c == '”' || c == '」' || c == '》')) {
                return false;
            }
            if (c == '«' || c == '“' || c == '「' || c == '《') {
                return true;
            }
            if (c == '(' || c == '（') {
                if (depth == 0) {
                    return i == 0 || text.charAt(i - 1) == ' ' || c == '（' || Character.isLetter(text.charAt(i - 1));
                }
                depth--;
            } else if (c == '{'
                    && depth == 0
                    && i > 0
                    && text.lastIndexOf('\\', i) > i - 12
                    && text.lastIndexOf('\\', i) >= 0) {
                return true;
            } else if (c == '[' || c == '{') {
                depth = Math.max(0, depth - 1);
            }
        }
        return false;
    }

    /** A last line of prose that ends in the middle of a sentence, or of a word. */
    private static @Nullable String endsWithin(String text, boolean prose) {
        int line = text.lastIndexOf('\n') + 1;
        String last = text.substring(Math.max(line, text.length() - 400));
        int space = last.lastIndexOf(' ');
        String word = last.substring(space + 1);
        if (prose && Scripts.isUnspaced(last.codePointAt(last.length() - 1))) {
            return endsWithinUnspaced(last);
        }
        if (I_MUST.matcher(last).find()) {
            return "ends with \"" + word + "\"";
        }
        boolean small = word.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '\'');
        if (!small || space < 0) {
            return null;
        }
        if (NEVER_LAST.contains(word)
                && TextLength.words(last) >= 3
                && !HONEST_LAST.matcher(last).find()) {
            return "ends with \"" + word + "\"";
        }
        boolean list = line < text.length() && "-*•|#>".indexOf(text.charAt(line)) >= 0;
        if (!prose || list || !hasSentences(last, 1) || !hasSentences(text, 3)) {
            return null;
        }
        int after = lastSentence(last);
        return TextLength.words(last.substring(after)) >= PROSE / 2
                ? "ends inside a sentence: " + last.substring(after).strip()
                : null;
    }

    private static boolean hasSentences(String text, int count) {
        return END_OF_SENTENCE.matcher(text).results().limit(count).count() == count;
    }

    /** A line of several sentences of Chinese or Japanese whose last one has no stop. */
    private static @Nullable String endsWithinUnspaced(String last) {
        long stops = last.chars().filter(c -> c == '。' || c == '！' || c == '？').count();
        int after = Math.max(last.lastIndexOf('。'), Math.max(last.lastIndexOf('！'), last.lastIndexOf('？'))) + 1;
        return stops >= 2 ? "ends inside a sentence: " + last.substring(after) : null;
    }

    private static int lastSentence(String text) {
        return END_OF_SENTENCE
                .matcher(text)
                .results()
                .mapToInt(end -> end.end())
                .max()
                .orElse(0);
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            boolean escaped = at > 0 && text.charAt(at - 1) == '\\' && part.charAt(0) != '`' && !isDouble(text, at);
            count += escaped ? 0 : 1;
        }
        return count;
    }

    /** Whether the backslash before is a pair's second one. */
    private static boolean isDouble(String text, int at) {
        return at > 1 && text.charAt(at - 2) == '\\' && text.charAt(at) != '\\';
    }
}
