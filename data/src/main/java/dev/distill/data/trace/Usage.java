package dev.distill.data.trace;

/**
 * Tokens as the provider counted them, for one reply.
 *
 * @param promptTokens all tokens of the request, cached ones included
 * @param cacheHitTokens those of them that the provider's cache served
 * @param completionTokens all tokens of the reply, reasoning included
 * @param reasoningTokens those of them that were reasoning; 0 where the provider does not say
 */
public record Usage(long promptTokens, long cacheHitTokens, long completionTokens, long reasoningTokens) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    public Usage {
        if (promptTokens < 0
                || completionTokens < 0
                || cacheHitTokens < 0
                || cacheHitTokens > promptTokens
                || reasoningTokens < 0
                || reasoningTokens > completionTokens) {
            throw new IllegalArgumentException("usage: need 0 <= cache hit <= prompt and 0 <= reasoning <= completion;"
                    + " got prompt " + promptTokens + ", cache hit " + cacheHitTokens + ", completion "
                    + completionTokens + ", reasoning " + reasoningTokens);
        }
    }

    public Usage plus(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens,
                cacheHitTokens + other.cacheHitTokens,
                completionTokens + other.completionTokens,
                reasoningTokens + other.reasoningTokens);
    }
}
