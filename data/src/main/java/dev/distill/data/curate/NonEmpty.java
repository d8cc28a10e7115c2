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
        if (trace.answer().isBlank()) {
            return Verdict.fail(NAME, "no answer");
        }
        if (!reasoningRequired) {
            return Verdict.pass(NAME, "an answer");
        }
        String reasoning = trace.reasoning();
        int words =
                reasoning == null || reasoning.isBlank() ? 0 : reasoning.strip().split("\\s+").length;
        boolean enough = words >= minReasoningWords
                || (reasoning != null && Words.of(reasoning).size() >= minReasoningWords);
        return enough ? Verdict.pass(NAME, words + " words") : Verdict.fail(NAME, words + " words of reasoning");
    }
}
