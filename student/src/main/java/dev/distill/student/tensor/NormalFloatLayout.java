package dev.distill.student.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where the numbers of an NF4 matrix lie, and which they may be: four-bit NormalFloat with double quantisation (Dettmers et al. 2023,
 * arXiv:2305.14314, sections 3 and appendix E), code for code that of bitsandbytes' {@code quantize_nf4} with compressed statistics.
 *
 * <p>64 numbers of the flattened matrix are a block and share a scale, their largest magnitude; a number is one of 16 shares of it. The scales, less
 * their mean, are a DYNAMIC tensor. A block has 32 bytes, the i-th with number i in its lower half and number i + 32 in its upper: so vectors are
 * read without being shuffled. Behind all blocks stands the mean as a FLOAT. In all 4.127 bits a number.
 */
public final class NormalFloatLayout {
    /** Numbers that share a scale. */
    public static final int BLOCK = 64;

    /** Bytes of a block. */
    public static final int BLOCK_BYTES = BLOCK / 2;

    /** Numbers that a code stands for. */
    public static final int CODES = 16;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Appendix E: quantiles of the normal distribution, its two halves of eight and nine sharing a zero. */
    private static final float[] VALUES = {
        -1.0f,
        -0.6961928009986877f,
        -0.5250730514526367f,
        -0.39491748809814453f,
        -0.28444138169288635f,
        -0.18477343022823334f,
        -0.09105003625154495f,
        0.0f,
        0.07958029955625534f,
        0.16093020141124725f,
        0.24611230194568634f,
        0.33791524171829224f,
        0.44070982933044434f,
        0.5626170039176941f,
        0.7229568362236023f,
        1.0f
    };

    private static final float[] ENDS = new float[CODES - 1]; // of each code: larger numbers have the next one

    static {
        for (int code = 0; code < ENDS.length; code++) {
            ENDS[code] = (VALUES[code] + VALUES[code + 1]) / 2;
        }
    }

    private NormalFloatLayout() {}

    /** Blocks of so many numbers; the last is filled up. */
    public static int blocks(long size) {
        return Math.toIntExact(Math.ceilDiv(size, BLOCK));
    }

    /** Bytes of blocks and mean, without the scales. */
    public static long bytes(long size) {
        return mean(size) + Float.BYTES;
    }

    /** Where the scales' mean lies, from the begin of the matrix. */
    public static long mean(long size) {
        return (long) blocks(size) * BLOCK_BYTES;
    }

    /** What the lowest four bits of this code stand for. */
    public static float value(int code) {
        return VALUES[code & CODES - 1];
    }

    /** The code of the nearest value, of two equally near ones the lower. @param share of the block's largest magnitude */
    public static int code(float share) {
        int code = share > ENDS[7] ? 8 : 0;
        code += share > ENDS[code + 3] ? 4 : 0;
        code += share > ENDS[code + 1] ? 2 : 0;
        return code + (share > ENDS[code] ? 1 : 0);
    }

    /** The byte of two codes. @param low of number i, for i below 32; high of number i + 32 */
    public static byte pair(int low, int high) {
        return (byte) (low | high << 4);
    }

    /** The code of one number. */
    public static int codeAt(MemorySegment matrix, long position) {
        int within = (int) (position % BLOCK);
        long at = position / BLOCK * BLOCK_BYTES + within % BLOCK_BYTES;
        return matrix.get(ValueLayout.JAVA_BYTE, at) >> (within < BLOCK_BYTES ? 0 : 4) & CODES - 1;
    }

    /** One number. */
    static float get(MemorySegment matrix, Tensor scales, long size, long position) {
        float scale = scales.get(position / BLOCK) + matrix.get(FLOAT, mean(size));
        return value(codeAt(matrix, position)) * scale;
    }
}
