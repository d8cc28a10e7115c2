package dev.distill.teacher.pace;

import dev.distill.teacher.RetryAdvice;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before asking again: what the server says, up to a limit, or else first x 2^n up to a cap, times a jitter
 * that keeps requests which failed together from coming back together. Only the unit that was refused waits.
 *
 * @param first before the second attempt
 * @param cap at most
 * @param jitterLow the wait is multiplied by a number from here
 * @param jitterHigh to here
 * @param obeyAtMost what is waited where a server's Retry-After is longer
 * @param believeAtMost a Retry-After above this is taken for a mistake, and ignored
 */
public record Backoff(
        Duration first,
        Duration cap,
        double jitterLow,
        double jitterHigh,
        Duration obeyAtMost,
        Duration believeAtMost) {
    private static final Duration ANY = Duration.ofSeconds(Long.MAX_VALUE);

    /** 1 s, 2 s, 4 s ... 60 s, times 0.5 to 1.5; Retry-After up to an hour: quotas of a minute and of an hour are waited for. */
    public static final Backoff DEFAULT =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 0.5, 1.5, Duration.ofHours(1));

    /** One that takes no Retry-After for a mistake. */
    public Backoff(Duration first, Duration cap, double jitterLow, double jitterHigh, Duration obeyAtMost) {
        this(first, cap, jitterLow, jitterHigh, obeyAtMost, ANY);
    }

    public Backoff {
        if (!first.isPositive() || cap.compareTo(first) < 0 || jitterLow < 0 || jitterHigh < jitterLow) {
            throw new IllegalArgumentException("backoff: need 0 < first <= cap and 0 <= jitter low <= high; got "
                    + first + ", " + cap + ", " + jitterLow + ", " + jitterHigh);
        }
    }

    /**
     * The wait before the next attempt.
     *
     * @param retries how many times this unit has been asked again already
     * @param advice what the last reply said
     */
    public Duration delay(int retries, RetryAdvice advice, RandomGenerator random) {
        Duration after = advice.after();
        if (after != null && after.compareTo(believeAtMost) <= 0) {
            return after.compareTo(obeyAtMost) <= 0 ? after : obeyAtMost;
        }
        double grown = (double) first.toNanos() * Math.pow(2, Math.min(retries, 40));
        double capped = Math.min(grown, (double) cap.toNanos());
        return Duration.ofNanos((long) (capped * (jitterLow + (jitterHigh - jitterLow) * random.nextDouble())));
    }
}
