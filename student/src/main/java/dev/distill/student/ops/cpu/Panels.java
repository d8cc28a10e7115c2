package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;

/**
 * The right-hand matrix of a product, copied into the order in which the inner loop reads it: panels of {@link #WIDTH} columns, each panel row
 * after row. The last panel is filled up with zeros.
 *
 * @param address of the first panel
 * @param depth rows of the matrix, the dimension that a product sums over
 * @param cols columns of the matrix
 */
record Panels(long address, int depth, int cols) {
    /** Columns of a panel: two vectors. */
    static final int WIDTH = Tile.COLS;

    static final long ROW_BYTES = Tile.ROW_BYTES;

    /** Memory that such a matrix takes. */
    static long bytes(int depth, int cols) {
        return depth * ROW_BYTES * count(cols);
    }

    private static int count(int cols) {
        return Math.ceilDiv(cols, WIDTH);
    }

    int count() {
        return count(cols);
    }

    /** Address of a row of a panel. */
    long at(int panel, int row) {
        return address + (panel * (long) depth + row) * ROW_BYTES;
    }

    /** The same without the panels before this one. */
    Panels from(int panel) {
        return new Panels(at(panel, 0), depth, cols - panel * WIDTH);
    }

    /** Copies all panels. */
    void pack(Matrix from) {
        for (int panel = 0; panel < count(); panel++) {
            pack(from, panel);
        }
    }

    /** Copies one panel. */
    void pack(Matrix from, int panel) {
        int first = panel * WIDTH;
        int width = Math.min(WIDTH, cols - first);
        Matrix source = from.from(0, first);
        if (width < WIDTH) {
            Floats.zero(at(panel, 0), depth * ROW_BYTES);
            packEdge(source, panel, width);
        } else if (from.half()) {
            packHalves(source, panel);
        } else if (from.rowsLieTogether()) {
            packRows(source, panel);
        } else {
            packColumns(source, panel);
        }
    }

    private void packRows(Matrix source, int panel) {
        long to = at(panel, 0);
        long row = source.address();
        for (int k = 0; k < depth; k++) {
            Floats.store(to, Floats.load(row));
            Floats.store(to + ROW_BYTES / 2, Floats.load(row + ROW_BYTES / 2));
            to += ROW_BYTES;
            row += source.rowBytes();
        }
    }

    /** Columns lie one after the other in memory: reads four at a time, so that a line of the target is not fetched for each number. */
    private void packColumns(Matrix source, int panel) {
        long step = source.rowBytes();
        for (int col = 0; col < WIDTH; col += 4) {
            long to = at(panel, 0) + (long) col * Floats.BYTES;
            long first = source.address() + col * source.colBytes();
            long second = first + source.colBytes();
            long third = second + source.colBytes();
            long fourth = third + source.colBytes();
            for (int k = 0; k < depth; k++) {
                long offset = k * step;
                Floats.put(to, Floats.get(first + offset));
                Floats.put(to + 4, Floats.get(second + offset));
                Floats.put(to + 8, Floats.get(third + offset));
                Floats.put(to + 12, Floats.get(fourth + offset));
                to += ROW_BYTES;
            }
        }
    }

    private void packHalves(Matrix source, int panel) {
        long to = at(panel, 0);
        if (source.rowsLieTogether()) {
            for (int k = 0; k < depth; k++) {
                Halves.widenBlock(to + k * ROW_BYTES, source.address() + k * source.rowBytes(), WIDTH);
            }
            return;
        }
        for (int col = 0; col < WIDTH; col++) {
            long from = source.address() + col * source.colBytes();
            for (int k = 0; k < depth; k++) {
                float value = DType.widen(Floats.getShort(from + k * source.rowBytes()));
                Floats.put(to + k * ROW_BYTES + (long) col * Floats.BYTES, value);
            }
        }
    }

    private void packEdge(Matrix source, int panel, int width) {
        for (int k = 0; k < depth; k++) {
            for (int col = 0; col < width; col++) {
                Floats.put(at(panel, k) + (long) col * Floats.BYTES, source.get(k, col));
            }
        }
    }
}
