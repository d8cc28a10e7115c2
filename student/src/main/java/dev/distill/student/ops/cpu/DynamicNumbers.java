package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DynamicMap;
import dev.distill.student.tensor.Tensor;

/**
 * The numbers of a DYNAMIC or UNSIGNED_DYNAMIC tensor, widened and rounded a few whole blocks at a time.
 *
 * @param codes address of the first code
 * @param scales address of the first block's scale
 */
record DynamicNumbers(long codes, long scales, DynamicMap map) {
    static DynamicNumbers of(Tensor tensor) {
        return new DynamicNumbers(
                Floats.address(tensor),
                Floats.address(tensor.scales()),
                tensor.type().map());
    }

    /** One number. */
    float get(long index) {
        return map.value(Bytes.get(codes + index)) * Floats.get(scale(index));
    }

    /** {@code to[i] = } the numbers from {@code first} on. @param first a block's begin */
    void read(long first, int count, long to) {
        for (int i = 0; i < count; i += DynamicMap.BLOCK) {
            int part = Math.min(DynamicMap.BLOCK, count - i);
            widenBlock(to + (long) i * Floats.BYTES, codes + first + i, Floats.get(scale(first + i)), part, map);
        }
    }

    /** The numbers from {@code first} on {@code = from[i]}, rounded. @param first a block's begin */
    void write(long first, int count, long from) {
        for (int i = 0; i < count; i += DynamicMap.BLOCK) {
            int part = Math.min(DynamicMap.BLOCK, count - i);
            long x = from + (long) i * Floats.BYTES;
            float scale = QuantizedRows.maxMagnitude(x, part);
            Floats.put(scale(first + i), scale);
            roundBlock(codes + first + i, x, DynamicMap.reciprocal(scale), part, map);
        }
    }

    private long scale(long index) {
        return scales + index / DynamicMap.BLOCK * Floats.BYTES;
    }

    private static void widenBlock(long to, long codes, float scale, int count, DynamicMap map) {
        for (int i = 0; i < count; i++) {
            Floats.put(to + (long) i * Floats.BYTES, map.value(Bytes.get(codes + i)) * scale);
        }
    }

    private static void roundBlock(long codes, long x, float reciprocal, int count, DynamicMap map) {
        for (int i = 0; i < count; i++) {
            Bytes.put(codes + i, map.code(Floats.get(x + (long) i * Floats.BYTES) * reciprocal));
        }
    }
}
