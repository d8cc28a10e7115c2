package dev.distill.data.pack;

import java.util.List;

/**
 * What one optimizer step is made of.
 *
 * @param at where it stands
 * @param next where the one after it stands
 * @param rows each of at most C tokens; none if all of its samples, or of its window, were over-long and dropped
 */
public record Batch(Cursor at, Cursor next, List<Packed> rows) {
    public Batch {
        rows = List.copyOf(rows);
    }

    /**
     * The place of a batch.
     *
     * @param epoch from 0
     * @param window of the epoch, from 0
     * @param batch of the window, from 0
     */
    public record Cursor(int epoch, int window, int batch) {
        /** The first batch of all. */
        public static final Cursor START = new Cursor(0, 0, 0);
    }

    public int tokens() {
        return rows.stream().mapToInt(Packed::length).sum();
    }

    /** Positions that have a target: what the sum of the losses is divided by. */
    public int trainedTokens() {
        return rows.stream().mapToInt(Packed::trainedTokens).sum();
    }
}
