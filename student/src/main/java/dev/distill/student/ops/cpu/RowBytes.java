package dev.distill.student.ops.cpu;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of signed bytes, as decoding has them: one row with one row of weights. Sums are INT32 and exact, so they are what oneDNN gives for
 * the same bytes. Java has no vectors that multiply bytes: they are widened to 16 bits, in which two products have room.
 */
final class RowBytes {
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, Floats.SPECIES.vectorShape());
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Floats.SPECIES.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());

    private static final int STEP = 2 * SHORTS.length();
    private static final int HALF = Short.SIZE;

    private RowBytes() {}

    /** {@code to[i] = from[i]}, 16 bits from bytes. */
    static void widenBlock(long to, long from, int count) {
        int full = SHORTS.loopBound(count);
        for (int i = 0; i < full; i += SHORTS.length()) {
            shorts(from + i).intoMemorySegment(Floats.MEMORY, to + (long) i * Short.BYTES, Floats.ORDER);
        }
        for (int i = full; i < count; i++) {
            Floats.putShort(to + (long) i * Short.BYTES, Bytes.get(from + i));
        }
    }

    private static ShortVector shorts(long bytes) {
        ByteVector values = ByteVector.fromMemorySegment(BYTES, Floats.MEMORY, bytes, Floats.ORDER);
        return (ShortVector) values.convertShape(VectorOperators.B2S, SHORTS, 0);
    }

    private static ShortVector load(long shorts) {
        return ShortVector.fromMemorySegment(SHORTS, Floats.MEMORY, shorts, Floats.ORDER);
    }

    /**
     * One row with some rows of weights: {@code sums[o] = } sum of {@code x[k] w[o, k]}, none of which is -128.
     *
     * @param x bytes widened to 16 bits
     * @param w bytes, row after row
     */
    static void sumsBlock(long sums, long x, long w, int depth, int outputs) {
        for (int o = 0; o < outputs; o++) {
            Bytes.putSum(sums + (long) o * Integer.BYTES, dot(x, w + (long) o * depth, depth));
        }
    }

    private static int dot(long x, long w, int depth) {
        IntVector even = IntVector.zero(INTS);
        IntVector odd = even;
        int full = depth / STEP * STEP;
        for (int k = 0; k < full; k += STEP) {
            long at = x + (long) k * Short.BYTES;
            ShortVector first = shorts(w + k).mul(load(at));
            ShortVector second = shorts(w + k + SHORTS.length()).mul(load(at + (long) SHORTS.length() * Short.BYTES));
            IntVector pairs = first.add(second).reinterpretAsInts(); // two products of at most 127 x 127 in 16 bits
            odd = odd.add(pairs.lanewise(VectorOperators.ASHR, HALF));
            even = even.add(pairs.lanewise(VectorOperators.LSHL, HALF).lanewise(VectorOperators.ASHR, HALF));
        }
        int sum = even.add(odd).reduceLanes(VectorOperators.ADD); // exact, in any order
        for (int k = full; k < depth; k++) {
            sum += Floats.getShort(x + (long) k * Short.BYTES) * Bytes.get(w + k);
        }
        return sum;
    }
}
