package dev.distill.student.tensor;

import java.util.Arrays;

/**
 * The 256 numbers from -1 (or 0) to 1 that a byte stands for in {@link DType#DYNAMIC} and {@link DType#UNSIGNED_DYNAMIC}: dynamic tree quantisation
 * (Dettmers 2016, arXiv:1511.04561; Dettmers et al. 2021, arXiv:2110.02861, section 2.1), value for value that of bitsandbytes. Seven decades, each
 * cut evenly, and the larger it is into the more pieces; a number is the middle of a piece. Besides, 0 and 1.
 */
public final class DynamicMap {
    /** For numbers of either sign. */
    public static final DynamicMap SIGNED = new DynamicMap(true);

    /** For numbers from 0 on, twice as finely. */
    public static final DynamicMap UNSIGNED = new DynamicMap(false);

    /** Numbers of a flattened tensor that share a scale, the largest magnitude among them. */
    public static final int BLOCK = 256;

    private static final int CODES = 256;
    private static final int DECADES = 7;
    private static final float FIRST = 0.1f; // a decade's begin, as a share of its end

    /** A number's sign, exponent and first seven bits of fraction choose a cell, in which at most one code ends. */
    private static final int CELL_SHIFT = 16;

    /** Below it a block's largest magnitude counts as this, so that its reciprocal is finite. */
    private static final float LEAST_SCALE = 1e-38f;

    private final float[] values;
    private final float[] ends = new float[CODES]; // of each code: larger numbers have the next one
    private final byte[] cells = new byte[1 << CELL_SHIFT];

    private DynamicMap(boolean signed) {
        this.values = values(signed);
        for (int code = 0; code + 1 < CODES; code++) {
            ends[code] = (values[code] + values[code + 1]) / 2;
        }
        ends[CODES - 1] = Float.POSITIVE_INFINITY;
        for (int cell = 0; cell < cells.length; cell++) {
            float first = Float.intBitsToFloat(cell << CELL_SHIFT);
            float last = Float.intBitsToFloat((cell << CELL_SHIFT) + 0xFFFF);
            cells[cell] = (byte) search(Math.min(first, last)); // a NaN's cell is of no use and does no harm
        }
    }

    private static float[] values(boolean signed) {
        float[] values = new float[CODES];
        int count = 0;
        for (int decade = 0; decade < DECADES; decade++) {
            int pieces = 1 << (signed ? decade : decade + 1);
            float size = (float) Math.pow(10, decade - (DECADES - 1));
            for (int piece = 0; piece < pieces; piece++) {
                float middle = (bound(piece, pieces) + bound(piece + 1, pieces)) / 2 * size;
                values[count++] = middle;
                if (signed) {
                    values[count++] = -middle;
                }
            }
        }
        values[count++] = 0;
        values[count] = 1;
        Arrays.sort(values);
        return values;
    }

    /** As PyTorch's linspace: from the nearer end. */
    private static float bound(int index, int pieces) {
        float step = (1 - FIRST) / pieces;
        return index < (pieces + 1) / 2 ? Math.fma(step, index, FIRST) : Math.fma(-step, pieces - index, 1);
    }

    /** How many codes end below this number. */
    private int search(float share) {
        int code = 0;
        while (code < CODES - 1 && ends[code] < share) {
            code++;
        }
        return code;
    }

    /** What the lowest eight bits of this code stand for. */
    public float value(int code) {
        return values[code & CODES - 1];
    }

    /** The code of the nearest value, of two equally near ones the lower. */
    public byte code(float share) {
        int code = cells[Float.floatToRawIntBits(share) >>> CELL_SHIFT] & CODES - 1;
        return (byte) (share > ends[code] ? code + 1 : code);
    }

    /** What numbers of a block are multiplied by before {@link #code}. @param scale their largest magnitude */
    public static float reciprocal(float scale) {
        return 1 / Math.max(scale, LEAST_SCALE);
    }

    /** Blocks of so many numbers; the last may be shorter. */
    public static long blocks(long size) {
        return Math.ceilDiv(size, BLOCK);
    }
}
