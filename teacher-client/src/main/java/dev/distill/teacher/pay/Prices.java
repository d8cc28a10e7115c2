package dev.distill.teacher.pay;

import dev.distill.data.trace.Usage;
import java.math.BigDecimal;

/**
 * Prices of a million tokens.
 *
 * @param cacheHit of the request, served from the provider's cache
 * @param cacheMiss of the request, not so served
 * @param output of the reply, reasoning included
 */
public record Prices(BigDecimal cacheHit, BigDecimal cacheMiss, BigDecimal output) {
    public static final Prices NOTHING = new Prices(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    public Prices {
        if (cacheHit.signum() < 0 || cacheMiss.signum() < 0 || output.signum() < 0) {
            throw new IllegalArgumentException(
                    "tariff: prices must be 0 or more; got " + cacheHit + ", " + cacheMiss + ", " + output);
        }
    }

    /** Exactly what this usage costs. */
    BigDecimal of(Usage usage) {
        BigDecimal millionths = cacheHit.multiply(BigDecimal.valueOf(usage.cacheHitTokens()))
                .add(cacheMiss.multiply(BigDecimal.valueOf(usage.promptTokens() - usage.cacheHitTokens())))
                .add(output.multiply(BigDecimal.valueOf(usage.completionTokens())));
        return millionths.movePointLeft(6);
    }
}
