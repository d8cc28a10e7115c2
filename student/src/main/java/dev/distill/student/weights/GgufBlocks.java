package dev.distill.student.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Widens the blocks of a GGUF tensor to FLOAT. One method a layout, each quoting it: {@code d} and {@code m} are the
 * block's scale and minimum (F16), {@code q} its small whole numbers.
 */
final class GgufBlocks {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private GgufBlocks() {}

    /**
     * Numbers {@code out.length} of them, from block {@code firstBlock} on.
     *
     * @param bytes the whole tensor's bytes
     * @param out a whole number of blocks
     */
    static void widen(GgufType type, MemorySegment bytes, long firstBlock, float[] out) {
        for (int i = 0; i < out.length; i += type.blockSize()) {
            long at = (firstBlock + i / type.blockSize()) * type.blockBytes();
            switch (type) {
                case F32 -> out[i] = bytes.get(FLOAT, at);
                case F16 -> out[i] = half(bytes, at);
                case BF16 -> out[i] = Float.intBitsToFloat(bytes.get(SHORT, at) << 16);
                case Q4_0 -> q4(bytes, at + 2, half(bytes, at), -8 * half(bytes, at), out, i);
                case Q4_1 -> q4(bytes, at + 4, half(bytes, at), half(bytes, at + 2), out, i);
                case Q5_0 -> q5(bytes, at + 2, half(bytes, at), -16 * half(bytes, at), out, i);
                case Q5_1 -> q5(bytes, at + 4, half(bytes, at), half(bytes, at + 2), out, i);
                case Q8_0 -> q8(bytes, at, out, i);
                case Q4_K -> q4k(bytes, at, out, i);
                case Q5_K -> q5k(bytes, at, out, i);
                case Q6_K -> q6k(bytes, at, out, i);
            }
        }
    }

    /** 16 bytes: the low halves are numbers 0 to 15 of the block, the high halves 16 to 31; x = d q + m. */
    private static void q4(MemorySegment bytes, long at, float d, float m, float[] out, int i) {
        for (int j = 0; j < 16; j++) {
            int q = bytes.get(JAVA_BYTE, at + j);
            out[i + j] = d * (q & 15) + m;
            out[i + j + 16] = d * (q >> 4 & 15) + m;
        }
    }

    /** 4 bytes with the fifth bits of the 32 numbers, then 16 bytes as in {@link #q4}; x = d q + m. */
    private static void q5(MemorySegment bytes, long at, float d, float m, float[] out, int i) {
        int high = bytes.get(INT, at);
        for (int j = 0; j < 16; j++) {
            int q = bytes.get(JAVA_BYTE, at + 4 + j);
            out[i + j] = d * (q & 15 | (high >>> j & 1) << 4) + m;
            out[i + j + 16] = d * (q >> 4 & 15 | (high >>> (j + 16) & 1) << 4) + m;
        }
    }

    /** d, then 32 signed bytes; x = d q. */
    private static void q8(MemorySegment bytes, long at, float[] out, int i) {
        float d = half(bytes, at);
        for (int j = 0; j < 32; j++) {
            out[i + j] = d * bytes.get(JAVA_BYTE, at + 2 + j);
        }
    }

    /** d, m, 12 bytes of eight 6-bit scales and minima, 128 bytes of 4 bits; x = d scale q - m minimum. */
    private static void q4k(MemorySegment bytes, long at, float[] out, int i) {
        float d = half(bytes, at);
        float m = half(bytes, at + 2);
        for (int part = 0; part < 8; part++) {
            float scale = d * scale(bytes, at + 4, part);
            float minimum = m * minimum(bytes, at + 4, part);
            long q = at + 16 + (part / 2) * 32;
            for (int j = 0; j < 32; j++) {
                out[i + part * 32 + j] = scale * (bytes.get(JAVA_BYTE, q + j) >> 4 * (part & 1) & 15) - minimum;
            }
        }
    }

    /** As {@link #q4k}, with 32 bytes of fifth bits before the 128: bit {@code part} of byte j belongs to number j of that part. */
    private static void q5k(MemorySegment bytes, long at, float[] out, int i) {
        float d = half(bytes, at);
        float m = half(bytes, at + 2);
        for (int part = 0; part < 8; part++) {
            float scale = d * scale(bytes, at + 4, part);
            float minimum = m * minimum(bytes, at + 4, part);
            long q = at + 48 + (part / 2) * 32;
            for (int j = 0; j < 32; j++) {
                int low = bytes.get(JAVA_BYTE, q + j) >> 4 * (part & 1) & 15;
                int high = (bytes.get(JAVA_BYTE, at + 16 + j) >> part & 1) << 4;
                out[i + part * 32 + j] = scale * (low | high) - minimum;
            }
        }
    }

    /** 128 bytes of low 4 bits, 64 of high 2 bits, 16 signed scales, d; x = d scale (q - 32). */
    private static void q6k(MemorySegment bytes, long at, float[] out, int i) {
        float d = half(bytes, at + 208);
        for (int half = 0; half < 2; half++) {
            for (int part = 0; part < 4; part++) {
                for (int j = 0; j < 32; j++) {
                    int low = bytes.get(JAVA_BYTE, at + 64 * half + 32 * (part & 1) + j) >> 4 * (part >> 1) & 15;
                    int high = bytes.get(JAVA_BYTE, at + 128 + 32 * half + j) >> 2 * part & 3;
                    int scale = bytes.get(JAVA_BYTE, at + 192 + 8 * half + 2 * part + j / 16);
                    out[i + 128 * half + 32 * part + j] = d * scale * ((low | high << 4) - 32);
                }
            }
        }
    }

    /** Scales 0 to 3 are the low six bits of bytes 0 to 3; scales 4 to 7 are split over bytes 8 to 11 and 0 to 3. */
    private static int scale(MemorySegment bytes, long at, int part) {
        return part < 4
                ? bytes.get(JAVA_BYTE, at + part) & 63
                : bytes.get(JAVA_BYTE, at + part + 4) & 15 | (bytes.get(JAVA_BYTE, at + part - 4) >> 6 & 3) << 4;
    }

    /** Minima 0 to 3 are the low six bits of bytes 4 to 7; minima 4 to 7 are split over bytes 8 to 11 and 4 to 7. */
    private static int minimum(MemorySegment bytes, long at, int part) {
        return part < 4
                ? bytes.get(JAVA_BYTE, at + part + 4) & 63
                : bytes.get(JAVA_BYTE, at + part + 4) >> 4 & 15 | (bytes.get(JAVA_BYTE, at + part) >> 6 & 3) << 4;
    }

    private static float half(MemorySegment bytes, long at) {
        return Float.float16ToFloat(bytes.get(SHORT, at));
    }
}
