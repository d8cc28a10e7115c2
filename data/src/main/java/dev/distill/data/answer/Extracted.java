package dev.distill.data.answer;

/**
 * The final answer as it stands in a completion.
 *
 * @param text the answer; several boxes or formulas that belong together are joined by commas
 * @param source how it was found
 */
public record Extracted(String text, Source source) {
    /** The places where an answer stands, from the most to the least explicit. */
    public enum Source {
        /** {@code \boxed{...}} */
        BOXED,
        /** After "answer is", "final answer:" or {@code ####}. */
        STATED,
        /** The whole text is the answer. */
        WHOLE,
        /** The last formula in {@code $...$}, {@code \(...\)}, {@code \[...\]}. */
        LATEX,
        /** The last number in the text. */
        NUMBER
    }
}
