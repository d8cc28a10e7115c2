package dev.distill.student.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where the numbers of a PACKED matrix lie: in panels of 64 rows; in a panel, group of four columns after group, each with the four bytes of every
 * row. oneDNN calls it BA16a64b4a, of the transposed matrix, and reads it as it lies. Rows and columns are filled up with zeros to a multiple of 64.
 * Behind the panels stands for each row an INT32: 128 times the sum of its bytes, by which a product with unsigned bytes, each 128 too large, is too
 * large.
 */
public final class PackedLayout {
    /** Rows of a panel. */
    public static final int PANEL = 64;

    /** Columns whose bytes lie side by side. */
    public static final int GROUP = 4;

    /** What is added to signed bytes to make them unsigned. */
    public static final int OFFSET = 128;

    private PackedLayout() {}

    /** Rows or columns with what fills them up. */
    public static int padded(int count) {
        return Math.ceilDiv(count, PANEL) * PANEL;
    }

    /** Bytes of a panel. */
    public static long panelBytes(int cols) {
        return (long) PANEL * padded(cols);
    }

    /** Where a number's byte lies, from the begin of the matrix. */
    public static long offset(int row, int col, int cols) {
        return row / PANEL * panelBytes(cols)
                + (long) (col / GROUP) * PANEL * GROUP
                + (long) (row % PANEL) * GROUP
                + col % GROUP;
    }

    /** Where the row's INT32 lies. */
    public static long compensation(int row, int rows, int cols) {
        return padded(rows) / PANEL * panelBytes(cols) + (long) row * Integer.BYTES;
    }

    /** Bytes of the whole matrix. */
    public static long bytes(int rows, int cols) {
        return compensation(padded(rows), rows, cols);
    }

    /** Puts a row's bytes in their places, and its INT32; for a matrix that was zeros. */
    public static void put(MemorySegment matrix, int row, int rows, MemorySegment bytes) {
        int cols = Math.toIntExact(bytes.byteSize());
        int sum = 0;
        long to = offset(row, 0, cols);
        for (int col = 0; col < cols; col++) {
            byte value = bytes.get(ValueLayout.JAVA_BYTE, col);
            matrix.set(ValueLayout.JAVA_BYTE, to + (long) (col / GROUP) * PANEL * GROUP + col % GROUP, value);
            sum += value;
        }
        matrix.set(ValueLayout.JAVA_INT_UNALIGNED, compensation(row, rows, cols), OFFSET * sum);
    }
}
