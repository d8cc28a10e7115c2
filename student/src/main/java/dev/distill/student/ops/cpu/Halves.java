package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** BFLOAT16 to FLOAT and back, in vectors: the same numbers as {@link DType#widen} and {@link DType#narrow}. */
final class Halves {
    static final int BYTES = Short.BYTES;

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Floats.SPECIES.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());

    private static final int SHIFT = 16;
    private static final int HALF_ULP = 0x7FFF;
    private static final int HALF = 0x8000;
    private static final int QUIET = 0x400000; // makes a NaN whose payload lies in the lower half keep being one

    private Halves() {}

    static float get(long address) {
        return DType.widen(Floats.getShort(address));
    }

    static FloatVector load(long address) {
        IntVector bits = (IntVector) shorts(address).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        return bits.lanewise(VectorOperators.LSHL, SHIFT).reinterpretAsFloats();
    }

    static void store(long address, FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, SHIFT).lanewise(VectorOperators.AND, 1);
        IntVector rounded = bits.add(odd).add(HALF_ULP);
        VectorMask<Float> nan = values.test(VectorOperators.IS_NAN);
        IntVector kept = rounded.blend(bits.lanewise(VectorOperators.OR, QUIET), nan.cast(INTS));
        store(address, kept.lanewise(VectorOperators.LSHR, SHIFT));
    }

    /** {@link #store} of results of arithmetic, whose NaN all have a payload that rounding leaves one: in half as many instructions. */
    static void storeNumber(long address, FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, SHIFT).lanewise(VectorOperators.AND, 1);
        store(address, bits.add(odd).add(HALF_ULP).lanewise(VectorOperators.LSHR, SHIFT));
    }

    /** Numbers of SPLIT from their halves, as {@link DType#join}. */
    static FloatVector join(long upper, long lower) {
        IntVector high = (IntVector) shorts(upper).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        IntVector low = (IntVector) shorts(lower).convertShape(VectorOperators.S2I, INTS, 0);
        return high.lanewise(VectorOperators.LSHL, SHIFT).add(low).reinterpretAsFloats();
    }

    /** Halves of numbers, as {@link DType#upper} and {@link DType#lower}. */
    static void split(long upper, long lower, FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        store(upper, bits.add(HALF).lanewise(VectorOperators.LSHR, SHIFT));
        store(lower, bits);
    }

    private static ShortVector shorts(long address) {
        return ShortVector.fromMemorySegment(SHORTS, Floats.MEMORY, address, Floats.ORDER);
    }

    /** The lower 16 bits of each lane. */
    private static void store(long address, IntVector bits) {
        ShortVector halves = (ShortVector) bits.convertShape(VectorOperators.I2S, SHORTS, 0);
        halves.intoMemorySegment(Floats.MEMORY, address, Floats.ORDER);
    }

    /** {@code to[i] = from[i]}, FLOAT from BFLOAT16. */
    static void widenBlock(long to, long from, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            Floats.store(to + (long) i * Floats.BYTES, load(from + (long) i * BYTES));
        }
        for (int i = full; i < count; i++) {
            Floats.put(to + (long) i * Floats.BYTES, get(from + (long) i * BYTES));
        }
    }

    /** {@code to[i] = from[i]}, BFLOAT16 from FLOAT, to the nearest, ties to even. */
    static void narrowBlock(long to, long from, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            store(to + (long) i * BYTES, Floats.load(from + (long) i * Floats.BYTES));
        }
        for (int i = full; i < count; i++) {
            Floats.putShort(to + (long) i * BYTES, DType.narrow(Floats.get(from + (long) i * Floats.BYTES)));
        }
    }
}
