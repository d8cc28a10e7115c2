package dev.distill.teacher.pace;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * At most so many of something a minute (requests, tokens), as a bucket that refills evenly and holds one minute's worth at
 * most. What turns out larger than announced is taken afterwards and leaves the bucket in debt, for which those who come next
 * wait.
 */
public final class RateCap {
    private static final double NANOS_PER_MINUTE = 60e9;

    private final long perMinute;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private double level;
    private long filledAt;

    /** @param perMinute 0: no limit */
    public RateCap(long perMinute) {
        this(perMinute, System::nanoTime);
    }

    RateCap(long perMinute, LongSupplier nanoClock) {
        this.perMinute = perMinute;
        this.clock = nanoClock;
        this.level = perMinute;
        this.filledAt = nanoClock.getAsLong();
    }

    /** Takes this amount now and says how long to wait before using it; zero where the bucket held enough. */
    public Duration take(long amount) {
        if (perMinute == 0) {
            return Duration.ZERO;
        }
        lock.lock();
        try {
            long now = clock.getAsLong();
            level = Math.min(perMinute, level + (double) (now - filledAt) / NANOS_PER_MINUTE * perMinute);
            filledAt = now;
            level -= amount;
            return level >= 0
                    ? Duration.ZERO
                    : Duration.ofNanos((long) Math.ceil(-level * NANOS_PER_MINUTE / perMinute));
        } finally {
            lock.unlock();
        }
    }
}
