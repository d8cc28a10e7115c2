package dev.distill.teacher.pay;

import dev.distill.data.trace.Usage;
import java.math.BigDecimal;

/**
 * Prices of a million tokens.
 *
 * @param cacheHit of the request, served from the provider's cache
 * @param cacheMiss of the request, not so served
 * @param output of the reply, but for its reasoning
 * @param reasoning of the reply
 */
public record Prices(BigDecimal cacheHit, BigDecimal cacheMiss, BigDecimal output, BigDecimal reasoning) {
    public static final Prices NOTHING = new Prices(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    public Prices {
        if (cacheHit.signum() < 0 || cacheMiss.signum() < 0 || output.signum() < 0 || reasoning.signum() < 0) {
            throw new IllegalArgumentException("tariff: prices must be 0 or more; got " + cacheHit + ", " + cacheMiss
                    + ", " + output + ", " + reasoning);
        }
    }

    /** Where reasoning costs what the rest of a reply does. */
    public Prices(BigDecimal cacheHit, BigDecimal cacheMiss, BigDecimal output) {
        this(cacheHit, cacheMiss, output, output);
    }

    /** Exactly what this usage costs. */
    BigDecimal of(Usage usage) {
        return millionths(cacheHit, usage.cacheHitTokens())
                .add(millionths(cacheMiss, usage.promptTokens() - usage.cacheHitTokens()))
                .add(millionths(output, usage.completionTokens() - usage.reasoningTokens()))
                .add(millionths(reasoning, usage.reasoningTokens()));
    }

    /** The most that so many tokens can cost, whatever the cache serves and however much of the reply is reasoning. */
    BigDecimal atMost(long promptTokens, long completionTokens) {
        return millionths(cacheHit.max(cacheMiss), promptTokens)
                .add(millionths(output.max(reasoning), completionTokens));
    }

    private static BigDecimal millionths(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
    }

    /** The same, all multiplied. */
    Prices times(BigDecimal factor) {
        return new Prices(
                cacheHit.multiply(factor),
                cacheMiss.multiply(factor),
                output.multiply(factor),
                reasoning.multiply(factor));
    }
}
