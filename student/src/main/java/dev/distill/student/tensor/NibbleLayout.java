package dev.distill.student.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where the numbers of a NIBBLES matrix lie: in panels of 64 rows; in a panel, block of 32 columns after block. A block has, for each group of four
 * columns, 16 bits of every row, the first column in the lowest four, and behind its eight groups every row's scale in FLOAT16. So a kernel holds one
 * row in each 16-bit lane. Rows are filled up with zeros to a multiple of 64; columns are
 * multiples of 32.
 */
public final class NibbleLayout {
    /** Rows of a panel. */
    public static final int PANEL = 64;

    /** Columns that share a row's scale. */
    public static final int BLOCK = 32;

    /** Columns in 16 bits. */
    public static final int GROUP = 4;

    /** What a nibble is larger than its number. */
    public static final int OFFSET = 8;

    /** Bytes of a group: 16 bits of each row of a panel; also those of a block's scales. */
    public static final int GROUP_BYTES = PANEL * Short.BYTES;

    /** Where a block's scales lie, from its begin. */
    public static final int SCALES = BLOCK / GROUP * GROUP_BYTES;

    /** Bytes of a block. */
    public static final int BLOCK_BYTES = SCALES + GROUP_BYTES;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Of a block of Q4_0: the scale, then 16 bytes whose lower halves are nibbles 0 to 15 and whose upper halves are 16 to 31. */
    public static final int Q4_0_BYTES = 18;

    private NibbleLayout() {}

    /** Rows with what fills them up. */
    public static int padded(int rows) {
        return Math.ceilDiv(rows, PANEL) * PANEL;
    }

    /** Bytes of a panel. */
    public static long panelBytes(int cols) {
        return (long) (cols / BLOCK) * BLOCK_BYTES;
    }

    /** Bytes of the whole matrix. */
    public static long bytes(int rows, int cols) {
        return padded(rows) / PANEL * panelBytes(cols);
    }

    /** Where the block of this row and column begins, from the begin of the matrix. */
    public static long block(int row, int col, int cols) {
        return row / PANEL * panelBytes(cols) + (long) (col / BLOCK) * BLOCK_BYTES;
    }

    /** Puts one row of a matrix in GGUF's Q4_0 in its places; for a matrix that was zeros. */
    public static void put(MemorySegment matrix, int row, int cols, MemorySegment q4_0) {
        int lane = row % PANEL * Short.BYTES;
        for (int col = 0; col < cols; col += BLOCK) {
            long from = (long) (col / BLOCK) * Q4_0_BYTES;
            long to = block(row, col, cols) + lane;
            matrix.set(SHORT, to + SCALES, q4_0.get(SHORT, from));
            for (int group = 0; group < BLOCK / GROUP; group++) {
                int bits = 0;
                for (int i = 0; i < GROUP; i++) {
                    int number = group * GROUP + i;
                    int pair = q4_0.get(ValueLayout.JAVA_BYTE, from + Short.BYTES + number % 16);
                    int nibble = (number < 16 ? pair : pair >> 4) & 15;
                    bits |= nibble << 4 * i;
                }
                matrix.set(SHORT, to + (long) group * GROUP_BYTES, (short) bits);
            }
        }
    }

    /** One number. */
    static float get(MemorySegment matrix, int row, int col, int cols) {
        long at = block(row, col, cols) + row % PANEL * Short.BYTES;
        int bits = matrix.get(SHORT, at + (long) (col % BLOCK / GROUP) * GROUP_BYTES);
        int nibble = bits >> col % GROUP * 4 & 15;
        return Float.float16ToFloat(matrix.get(SHORT, at + SCALES)) * (nibble - OFFSET);
    }
}
