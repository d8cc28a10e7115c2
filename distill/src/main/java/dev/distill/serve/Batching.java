package dev.distill.serve;

/**
 * How much is answered at a time.
 *
 * @param slots rows decoded at a time, of each model
 * @param queue rows that wait at most, of each model; half of them may be one client's
 * @param context the longest row in tokens, prompt and answer together; 0 for all that the model takes and the cache has room for
 * @param newTokens of an answer at most, and where a request does not say
 * @param choices rows of one request at most: its prompts times its {@code n}
 * @param cacheBytes what keys and values of all models may take
 */
public record Batching(int slots, int queue, int context, int newTokens, int choices, long cacheBytes) {
    /** @throws IllegalArgumentException for what is out of its range */
    public Batching {
        if (slots < 1 || queue < 1 || context < 0 || newTokens < 1 || choices < 1 || cacheBytes < 1) {
            throw new IllegalArgumentException("batching: needs at least one slot, place in the queue, new token,"
                    + " choice and byte of cache, and a context of at least 0; got " + slots + ", " + queue + ", "
                    + newTokens + ", " + choices + ", " + cacheBytes + ", " + context);
        }
    }
}
