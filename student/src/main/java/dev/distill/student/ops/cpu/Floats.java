package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of floats at addresses. Kernels compute with plain addresses in one segment that spans all memory: the compiler then keeps no bounds
 * or liveness check in the inner loops. What keeps them inside their tensors is that {@link CpuOps} has checked every shape before.
 */
final class Floats {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    static final int BYTES = Float.BYTES;

    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Lane i takes lane i + distance: the steps of a fixed tree of sums. */
    private static final VectorShuffle<Float> DOWN_8 = down(8);

    private static final VectorShuffle<Float> DOWN_4 = down(4);
    private static final VectorShuffle<Float> DOWN_2 = down(2);
    private static final VectorShuffle<Float> DOWN_1 = down(1);

    private Floats() {}

    private static VectorShuffle<Float> down(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + distance) % LANES);
    }

    /** Address of a tensor's first number. The tensor's memory must be alive; a kernel on freed memory would end the process. */
    static long address(Tensor tensor) {
        if (!tensor.segment().scope().isAlive()) {
            throw new IllegalStateException(
                    "tensor: the memory of " + tensor + " is already freed; its arena or workspace is closed");
        }
        return tensor.segment().address();
    }

    static float get(long address) {
        return MEMORY.get(FLOAT, address);
    }

    static void put(long address, float value) {
        MEMORY.set(FLOAT, address, value);
    }

    static void copySix(long to, long from) {
        MEMORY.set(LONG, to, MEMORY.get(LONG, from));
        MEMORY.set(LONG, to + Long.BYTES, MEMORY.get(LONG, from + Long.BYTES));
        MEMORY.set(LONG, to + 2 * Long.BYTES, MEMORY.get(LONG, from + 2 * Long.BYTES));
    }

    static short getShort(long address) {
        return MEMORY.get(SHORT, address);
    }

    static void putShort(long address, short value) {
        MEMORY.set(SHORT, address, value);
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address, ORDER);
    }

    /** The first lanes of the mask; zero in the others, which are not read. */
    static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address, ORDER, mask);
    }

    static void store(long address, FloatVector vector) {
        vector.intoMemorySegment(MEMORY, address, ORDER);
    }

    static void store(long address, FloatVector vector, VectorMask<Float> mask) {
        vector.intoMemorySegment(MEMORY, address, ORDER, mask);
    }

    /** The mask of the first {@code count} lanes; all from LANES on. */
    static VectorMask<Float> first(int count) {
        return SPECIES.indexInRange(0, count);
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    static void zero(long address, long bytes) {
        MEMORY.asSlice(address, bytes).fill((byte) 0);
    }

    static void copy(long to, long from, long bytes) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
    }

    /**
     * Sum of the lanes as a fixed tree: halves are added onto each other. {@code reduceLanes(ADD)} would do it in an order that the interpreter
     * and the compiler choose differently.
     */
    static float sum(FloatVector v) {
        FloatVector s = v;
        if (LANES >= 16) {
            s = s.add(s.rearrange(DOWN_8));
        }
        if (LANES >= 8) {
            s = s.add(s.rearrange(DOWN_4));
        }
        if (LANES >= 4) {
            s = s.add(s.rearrange(DOWN_2));
        }
        if (LANES >= 2) {
            s = s.add(s.rearrange(DOWN_1));
        }
        return s.lane(0);
    }

    /** Where the largest number is; of equal ones the first, and 0 where one is NaN. */
    static int argMaxBlock(long x, int count) {
        FloatVector even = broadcast(Float.NEGATIVE_INFINITY);
        FloatVector odd = even;
        int full = count / (2 * LANES) * 2 * LANES;
        for (int i = 0; i < full; i += 2 * LANES) {
            long at = x + (long) i * BYTES;
            even = even.max(load(at));
            odd = odd.max(load(at + (long) LANES * BYTES));
        }
        float max = max(even.max(odd));
        for (int i = full; i < count; i++) {
            max = Math.max(max, get(x + (long) i * BYTES));
        }
        FloatVector largest = broadcast(max);
        int i = 0;
        while (i < full && !load(x + (long) i * BYTES).eq(largest).anyTrue()) {
            i += LANES;
        }
        while (i < count && get(x + (long) i * BYTES) != max) {
            i++;
        }
        return i < count ? i : 0;
    }

    /** Largest lane; the order does not matter. */
    static float max(FloatVector v) {
        return v.reduceLanes(VectorOperators.MAX);
    }
}
