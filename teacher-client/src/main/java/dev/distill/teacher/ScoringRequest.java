package dev.distill.teacher;

import java.util.List;

/**
 * A text whose tokens a server is to score.
 *
 * @param text as the model reads it, its template's markers included
 * @param tokens the same as ids of the server's vocabulary, which are sent in place of the text; none where they are not known
 * @param topK likeliest tokens to tell at each place
 * @param ids whether the server may call tokens by their ids in place of their texts
 */
public record ScoringRequest(String text, List<Integer> tokens, int topK, boolean ids) {
    public ScoringRequest {
        tokens = List.copyOf(tokens);
        if (text.isEmpty() || topK < 1) {
            throw new IllegalArgumentException("scoring: need a text and one token or more to tell at each place; got "
                    + text.length() + " characters, " + topK);
        }
    }

    /** A text alone. */
    public static ScoringRequest of(String text, int topK, boolean ids) {
        return new ScoringRequest(text, List.of(), topK, ids);
    }
}
