package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.regex.Pattern;

/** Drops reasoning that holds fenced code blocks (as DeepSeek-R1 did), unless the question is about code. */
public record NoCodeBlocks() implements TraceFilter {
    public static final String NAME = "code_in_reasoning";

    private static final Pattern ABOUT_CODE = Pattern.compile(
            "```|\\b(?:code|coding|program(?:me|s|ming)?|python|java(?:script)?|c\\+\\+|sql|script|regex|stdin|stdout"
                    + "|algorithm|compile[rs]?|implement(?:ation)?)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BLOCKS =
            Pattern.compile("```.*?(?:```|\\z)|\\[asy].*?(?:\\[/asy]|\\z)", Pattern.DOTALL);

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
        int fences = 0;
        for (int at = reasoning.indexOf("```"); at >= 0; at = reasoning.indexOf("```", at + 3)) {
            fences++;
        }
        if (fences == 0) {
            return Verdict.pass(NAME, "no code block");
        }
        return ABOUT_CODE.matcher(trace.question()).find()
                ? Verdict.pass(NAME, "the question is about code")
                : Verdict.fail(NAME, fences + " code fences in the reasoning");
    }
}
