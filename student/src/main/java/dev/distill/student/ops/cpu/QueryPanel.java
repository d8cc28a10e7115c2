package dev.distill.student.ops.cpu;

/**
 * Up to {@link Tile#COLS} queries (or gradients of outputs) of one head, side by side: {@code [D, COLS]}, a column for each query. Scores against
 * keys are then {@code [T, COLS]}, so that softmax runs down the rows with a query in each lane.
 *
 * @param address of the panel
 * @param width D
 */
record QueryPanel(long address, int width) {
    static long bytes(int width) {
        return width * Tile.ROW_BYTES;
    }

    /** Puts one query's numbers into its column. */
    void set(int column, long row) {
        long to = address + (long) column * Floats.BYTES;
        for (int d = 0; d < width; d++) {
            Floats.put(to + d * Tile.ROW_BYTES, Floats.get(row + (long) d * Floats.BYTES));
        }
    }

    /** The column's numbers, times a factor, as a row. */
    void get(int column, float factor, long row) {
        long from = address + (long) column * Floats.BYTES;
        for (int d = 0; d < width; d++) {
            Floats.put(row + (long) d * Floats.BYTES, Floats.get(from + d * Tile.ROW_BYTES) * factor);
        }
    }

    /** Zeros in all columns. */
    void clear() {
        Floats.zero(address, bytes(width));
    }
}
