package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;

/**
 * Drops traces without an answer, or without reasoning where it is required.
 *
 * @param reasoningRequired whether a trace must hold reasoning
 * @param minReasoningWords fewest words of it, 1 to 1,000; a lone "Okay." teaches nothing
 */
public record NonEmpty(boolean reasoningRequired, int minReasoningWords) implements TraceFilter {
    public static final String NAME = "non_empty";
    public static final NonEmpty STANDARD = new NonEmpty(true, 3);

    public NonEmpty {
        if (minReasoningWords < 1 || minReasoningWords > 1_000) {
            throw new IllegalArgumentException(
                    "curate.non_empty: min_reasoning_words must be 1 to 1000; got " + minReasoningWords);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        if (isEmpty(trace.answer())) {
            return Verdict.fail(NAME, "no answer");
        }
        if (!reasoningRequired) {
            return Verdict.pass(NAME, "an answer");
        }
        int words = words(trace.reasoning() == null ? "" : trace.reasoning());
        return words >= minReasoningWords
                ? Verdict.pass(NAME, "reasoning and answer")
                : Verdict.fail(NAME, words + " words of reasoning");
    }

    /** Nothing but spaces, dots, dashes and marks. */
    private static boolean isEmpty(String answer) {
        for (int i = 0; i < answer.length(); i++) {
            if (!Character.isWhitespace(answer.charAt(i)) && ".…-–—_*#>`\"'。".indexOf(answer.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Words and numbers, counted no further than asked for; {@code 48+24=72} has three. */
    private int words(String text) {
        int words = 0;
        for (int i = 0; i < text.length() && words < minReasoningWords; i++) {
            boolean inside = Character.isLetterOrDigit(text.charAt(i));
            boolean before = i > 0 && Character.isLetterOrDigit(text.charAt(i - 1));
            words += inside && (!before || Scripts.isUnspaced(text.charAt(i))) ? 1 : 0;
        }
        return words;
    }
}
