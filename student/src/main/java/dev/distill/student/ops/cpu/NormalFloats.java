package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DynamicMap;
import dev.distill.student.tensor.NormalFloatLayout;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The numbers of an NF4 matrix ({@link NormalFloatLayout}), widened a few whole blocks at a time, and a matrix rounded to it.
 *
 * @param codes address of the first block
 * @param scales of the blocks, less their mean
 * @param size numbers of the matrix
 */
record NormalFloats(long codes, DynamicNumbers scales, long size) {
    private static final int BLOCK = NormalFloatLayout.BLOCK;
    private static final int HALF = NormalFloatLayout.BLOCK_BYTES;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());

    /** Whether a vector holds all sixteen values. */
    private static final boolean WHOLE = Floats.LANES == NormalFloatLayout.CODES;

    /** Whether two vectors do. */
    private static final boolean HALVES = Floats.LANES == NormalFloatLayout.CODES / 2;

    private static final int[] BITS = bits();

    private static int[] bits() {
        int[] bits = new int[NormalFloatLayout.CODES];
        for (int code = 0; code < bits.length; code++) {
            bits[code] = Float.floatToRawIntBits(NormalFloatLayout.value(code));
        }
        return bits;
    }

    static NormalFloats of(Tensor tensor) {
        return new NormalFloats(Floats.address(tensor), DynamicNumbers.of(tensor.scales()), tensor.size());
    }

    /** {@code to[i] = } the numbers from {@code first} on. @param first a block's begin; count at most what {@link Stage} holds */
    void read(long first, int count, long to) {
        float mean = Floats.get(codes + NormalFloatLayout.mean(size));
        for (int i = 0; i < count; i += BLOCK) {
            long block = (first + i) / BLOCK;
            float scale = scales.get(block) + mean;
            long from = codes + block * HALF;
            long target = to + (long) i * Floats.BYTES;
            if (WHOLE && count - i >= BLOCK) {
                widenVectorsBlock(target, from, scale);
            } else if (HALVES && count - i >= BLOCK) {
                widenHalvesBlock(target, from, scale);
            } else {
                widenBlock(target, from, scale, Math.min(BLOCK, count - i));
            }
        }
    }

    private static void widenVectorsBlock(long to, long from, float scale) {
        IntVector values = IntVector.fromArray(INTS, BITS, 0);
        for (int i = 0; i < HALF; i += Floats.LANES) {
            IntVector pairs = Bytes.loadUnsigned(from + i);
            IntVector low = pairs.lanewise(VectorOperators.AND, NormalFloatLayout.CODES - 1);
            IntVector high = pairs.lanewise(VectorOperators.LSHR, 4);
            long at = to + (long) i * Floats.BYTES;
            Floats.store(at, low.selectFrom(values).reinterpretAsFloats().mul(scale));
            Floats.store(
                    at + (long) HALF * Floats.BYTES,
                    high.selectFrom(values).reinterpretAsFloats().mul(scale));
        }
    }

    /** The same where the values are two vectors: each code picks one of either, and its highest bit which of these. */
    private static void widenHalvesBlock(long to, long from, float scale) {
        IntVector lower = IntVector.fromArray(INTS, BITS, 0);
        IntVector upper = IntVector.fromArray(INTS, BITS, Floats.LANES);
        for (int i = 0; i < HALF; i += Floats.LANES) {
            IntVector pairs = Bytes.loadUnsigned(from + i);
            long at = to + (long) i * Floats.BYTES;
            Floats.store(at, halves(pairs, lower, upper).mul(scale));
            Floats.store(
                    at + (long) HALF * Floats.BYTES,
                    halves(pairs.lanewise(VectorOperators.LSHR, 4), lower, upper)
                            .mul(scale));
        }
    }

    /** What the lowest four bits of each lane stand for. */
    private static FloatVector halves(IntVector codes, IntVector lower, IntVector upper) {
        IntVector place = codes.lanewise(VectorOperators.AND, Floats.LANES - 1);
        VectorMask<Integer> high =
                codes.lanewise(VectorOperators.AND, Floats.LANES).compare(VectorOperators.NE, 0);
        return place.selectFrom(lower).blend(place.selectFrom(upper), high).reinterpretAsFloats();
    }

    private static void widenBlock(long to, long from, float scale, int count) {
        for (int i = 0; i < count; i++) {
            int code = Bytes.get(from + i % HALF) >> (i < HALF ? 0 : 4);
            Floats.put(to + (long) i * Floats.BYTES, NormalFloatLayout.value(code) * scale);
        }
    }

    /** Rounds a FLOAT or BFLOAT16 matrix. */
    void round(Workers workers, Tensor w) {
        Numbers from = Numbers.of(w);
        int blocks = NormalFloatLayout.blocks(size);
        try (Scratch scratch = new Scratch()) {
            long magnitudes = scratch.reserve((long) blocks * Floats.BYTES);
            Elements.each(workers, size, (first, count) -> {
                long x = from.read(first, count, Stage.buffer(0, count));
                for (int i = 0; i < count; i += BLOCK) {
                    long block = (first + i) / BLOCK;
                    int part = Math.min(BLOCK, count - i);
                    long values = x + (long) i * Floats.BYTES;
                    float scale = QuantizedRows.maxMagnitude(values, part);
                    Floats.put(magnitudes + block * Floats.BYTES, scale);
                    roundBlock(codes + block * HALF, values, DynamicMap.reciprocal(scale), part);
                }
            });
            float mean = mean(magnitudes, blocks);
            Floats.put(codes + NormalFloatLayout.mean(size), mean);
            Elements.each(workers, blocks, (first, count) -> {
                long part = magnitudes + first * Floats.BYTES;
                subtractBlock(part, mean, count);
                scales.write(first, count, part);
            });
        }
    }

    private static void roundBlock(long to, long x, float reciprocal, int count) {
        for (int i = 0; i < HALF; i++) {
            int low = code(x, i, reciprocal, count);
            Bytes.put(to + i, NormalFloatLayout.pair(low, code(x, i + HALF, reciprocal, count)));
        }
    }

    private static int code(long x, int index, float reciprocal, int count) {
        return index < count ? NormalFloatLayout.code(Floats.get(x + (long) index * Floats.BYTES) * reciprocal) : 0;
    }

    /** In double, one after the other. */
    private static float mean(long x, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Floats.get(x + (long) i * Floats.BYTES);
        }
        return (float) (sum / count);
    }

    private static void subtractBlock(long x, float value, int count) {
        for (int i = 0; i < count; i++) {
            long at = x + (long) i * Floats.BYTES;
            Floats.put(at, Floats.get(at) - value);
        }
    }
}
