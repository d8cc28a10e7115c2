package dev.distill.data.template;

import java.util.Arrays;

/**
 * A training text, tokenised.
 *
 * @param text prompt and completion
 * @param promptChars where in the text the completion begins
 * @param ids the tokens of the text
 * @param trainedFrom the loss mask: the tokens from here to the end are trained on, those before are context
 */
@SuppressWarnings("ArrayRecordComponent") // a million ids; nobody changes them
public record RenderedSample(String text, int promptChars, int[] ids, int trainedFrom) {
    /** The text before the completion: exactly what inference gives the model. */
    public String prompt() {
        return text.substring(0, promptChars);
    }

    /** Reasoning with its markers, answer, end of turn: what the model is to say. */
    public String completion() {
        return text.substring(promptChars);
    }

    /** How many tokens are trained on. */
    public int trainedTokens() {
        return ids.length - trainedFrom;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RenderedSample that
                && text.equals(that.text)
                && promptChars == that.promptChars
                && Arrays.equals(ids, that.ids)
                && trainedFrom == that.trainedFrom;
    }

    @Override
    public int hashCode() {
        return 31 * text.hashCode() + Arrays.hashCode(ids);
    }
}
