package dev.distill.data.template;

import dev.distill.data.pack.Sample;

/**
 * A training text, and the same tokenised.
 *
 * @param text prompt and completion
 * @param promptChars where in the text the completion begins
 * @param sample the tokens of the text; those of the completion are trained on, those before are context
 */
public record RenderedSample(String text, int promptChars, Sample sample) {
    /** The text before the completion: exactly what inference gives the model. */
    public String prompt() {
        return text.substring(0, promptChars);
    }

    /** Reasoning with its markers, answer, end of turn: what the model is to say. */
    public String completion() {
        return text.substring(promptChars);
    }
}
