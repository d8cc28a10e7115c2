package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * A SPLIT tensor's numbers ({@link DType#SPLIT}), joined and split as they are read and written.
 *
 * @param upper address of the first upper half
 * @param lower address of the first lower half
 */
record SplitNumbers(long upper, long lower) {
    static SplitNumbers of(Tensor tensor) {
        long upper = Floats.address(tensor);
        return new SplitNumbers(upper, upper + tensor.size() * Halves.BYTES);
    }

    FloatVector load(long index) {
        return Halves.join(upper + index * Halves.BYTES, lower + index * Halves.BYTES);
    }

    void store(long index, FloatVector values) {
        Halves.split(upper + index * Halves.BYTES, lower + index * Halves.BYTES, values);
    }

    float get(long index) {
        long at = index * Halves.BYTES;
        return DType.join(Floats.getShort(upper + at), Floats.getShort(lower + at));
    }

    void put(long index, float value) {
        Floats.putShort(upper + index * Halves.BYTES, DType.upper(value));
        Floats.putShort(lower + index * Halves.BYTES, DType.lower(value));
    }

    /** {@code to[i] = } the numbers from {@code first} on. */
    void read(long first, int count, long to) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            Floats.store(to + (long) i * Floats.BYTES, load(first + i));
        }
        for (int i = full; i < count; i++) {
            Floats.put(to + (long) i * Floats.BYTES, get(first + i));
        }
    }

    /** The numbers from {@code first} on {@code = from[i]}. */
    void write(long first, int count, long from) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            store(first + i, Floats.load(from + (long) i * Floats.BYTES));
        }
        for (int i = full; i < count; i++) {
            put(first + i, Floats.get(from + (long) i * Floats.BYTES));
        }
    }
}
