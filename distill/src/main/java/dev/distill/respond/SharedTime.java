package dev.distill.respond;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long rows take that are written together. Each moment counts in equal parts for all rows that are under way in it, so that the shares of all rows add up to what
 * the clock says: a row among fifteen others takes a sixteenth of each of its moments. For one thread.
 */
final class SharedTime {
    private static final double SECOND = 1e9;

    private final LongSupplier clock;
    private final Map<Long, Double> begun = new HashMap<>();
    private double each; // nanoseconds of a row that is under way since the first
    private long looked;

    SharedTime() {
        this(System::nanoTime);
    }

    /** @param clock in nanoseconds */
    SharedTime(LongSupplier clock) {
        this.clock = clock;
        this.looked = clock.getAsLong();
    }

    void begin(long row) {
        pass();
        begun.put(row, each);
    }

    /** A row that is under way ends. Returns its share in seconds. */
    double end(long row) {
        pass();
        Double from = begun.remove(row);
        if (from == null) {
            throw new IllegalStateException("shared time: row " + row + " was never begun");
        }
        return (each - from) / SECOND;
    }

    private void pass() {
        long now = clock.getAsLong();
        each += begun.isEmpty() ? 0 : (double) (now - looked) / begun.size();
        looked = now;
    }
}
