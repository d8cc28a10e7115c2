package dev.distill.teacher.harvest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast a harvest is: over the second half of the time since its run began, and over half a minute at least. Replies take
 * minutes and come in crowds; a shorter time would tell of the crowd, the whole of it of the beginning.
 */
final class Pace {
    private static final long LEAST = Duration.ofSeconds(30).toNanos();

    /** A sample is kept for each of so many parts of that time. */
    private static final int PARTS = 100;

    private final Deque<Sample> samples = new ArrayDeque<>();
    private final long begin;

    private record Sample(long nanos, long units, long tokens) {}

    /**
     * Units and tokens a second; 0 while nothing is known.
     *
     * @param units completed or given up
     * @param tokens bought
     */
    record Rates(double units, double tokens) {
        static final Rates NONE = new Rates(0, 0);
    }

    /** Begins with what earlier runs have done. */
    Pace(long nanos, long units, long tokens) {
        begin = nanos;
        samples.add(new Sample(nanos, units, tokens));
    }

    Rates at(long nanos, long units, long tokens) {
        long time = Math.max(LEAST, (nanos - begin) / 2);
        while (samples.size() > 1 && nanos - samples.getFirst().nanos > time) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        if (nanos - samples.getLast().nanos >= time / PARTS) {
            samples.add(new Sample(nanos, units, tokens));
        }
        double seconds = (nanos - first.nanos) / 1e9;
        return seconds <= 0
                ? Rates.NONE
                : new Rates((units - first.units) / seconds, (tokens - first.tokens) / seconds);
    }
}
