package dev.distill.student.generate;

/**
 * What was generated for one request.
 *
 * @param row the request's
 * @param ids the new tokens; an end token, where there is one, is the last
 * @param logProbs each token's natural log-probability by the model, before temperature, top-k and top-p
 * @param finish why it ended
 */
public record Generation(long row, int[] ids, float[] logProbs, Finish finish) {

    /** For a prompt that the cache has too few positions for. */
    static Generation withoutRoom(long row) {
        return new Generation(row, new int[0], new float[0], Finish.LENGTH);
    }

    /** Why a text ended. */
    public enum Finish {
        /** An end token. */
        END,
        /** The request's limit, or the cache's positions, ran out; without a token where the prompt alone is too long. */
        LENGTH,
        /** The listener wanted no more of it. */
        CANCELLED
    }
}
