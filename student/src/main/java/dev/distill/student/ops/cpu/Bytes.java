package dev.distill.student.ops.cpu;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Signed bytes, the factors of eight-bit products, and their INT32 sums. */
final class Bytes {
    /** The largest magnitude of a factor; -128 is not used, so that the range is even. */
    static final float LARGEST = 127;

    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(
            byte.class, VectorShape.forBitSize(Math.max(64, Floats.SPECIES.vectorBitSize() / Float.BYTES)));

    private static final VectorSpecies<Byte> WHOLE = VectorSpecies.of(byte.class, Floats.SPECIES.vectorShape());

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** 1.5 x 2^23: adding it rounds to a whole number, ties to even, which then stands in the low bits. */
    private static final float ROUND = 12582912f;

    private Bytes() {}

    /** Rounds each lane, of magnitude 127 at most, to a byte. */
    static void store(long address, FloatVector values) {
        IntVector whole = values.add(ROUND).reinterpretAsInts().sub(Float.floatToRawIntBits(ROUND));
        ByteVector bytes = (ByteVector) whole.convertShape(VectorOperators.I2B, BYTES, 0);
        if (BYTES.length() == Floats.LANES) {
            bytes.intoMemorySegment(Floats.MEMORY, address, Floats.ORDER);
        } else { // four lanes: the narrowest vector of bytes has eight
            bytes.intoMemorySegment(Floats.MEMORY, address, Floats.ORDER, BYTES.indexInRange(0, Floats.LANES));
        }
    }

    /** As many bytes as there are lanes, from 0 to 255; where a vector has eight lanes or more. */
    static IntVector loadUnsigned(long address) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, Floats.MEMORY, address, Floats.ORDER);
        return (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    static void put(long address, byte value) {
        Floats.MEMORY.set(ValueLayout.JAVA_BYTE, address, value);
    }

    static byte get(long address) {
        return Floats.MEMORY.get(ValueLayout.JAVA_BYTE, address);
    }

    static IntVector loadSums(long address) {
        return IntVector.fromMemorySegment(INTS, Floats.MEMORY, address, Floats.ORDER);
    }

    static void putSum(long address, int value) {
        Floats.MEMORY.set(INT, address, value);
    }

    static int getSum(long address) {
        return Floats.MEMORY.get(INT, address);
    }

    /** Makes signed bytes unsigned ones that are 128 larger. */
    static void flipBlock(long address, int count) {
        int full = WHOLE.loopBound(count);
        for (int i = 0; i < full; i += WHOLE.length()) {
            ByteVector bytes = ByteVector.fromMemorySegment(WHOLE, Floats.MEMORY, address + i, Floats.ORDER);
            bytes.lanewise(VectorOperators.XOR, Byte.MIN_VALUE)
                    .intoMemorySegment(Floats.MEMORY, address + i, Floats.ORDER);
        }
        for (int i = full; i < count; i++) {
            put(address + i, (byte) (get(address + i) ^ Byte.MIN_VALUE));
        }
    }
}
