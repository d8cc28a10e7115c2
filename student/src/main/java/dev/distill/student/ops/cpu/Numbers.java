package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;

/**
 * A tensor's numbers as kernels see them, a stretch at a time and always as floats: where they lie if they are FLOAT, widened into a
 * buffer in the first-level cache if they are BFLOAT16. Kernels are so written once, for both.
 *
 * @param address of the first number
 * @param half whether they are BFLOAT16
 */
record Numbers(long address, boolean half) {

    static Numbers of(Tensor tensor) {
        return new Numbers(Floats.address(tensor), tensor.type() == DType.BFLOAT16);
    }

    private long at(long index) {
        return address + index * (half ? Halves.BYTES : Floats.BYTES);
    }

    /** Where the numbers from {@code index} on can be read as floats: in place, or in {@code buffer}, into which they are copied. */
    long read(long index, int count, long buffer) {
        if (!half) {
            return at(index);
        }
        Halves.widenBlock(buffer, at(index), count);
        return buffer;
    }

    /** Where floats for the numbers from {@code index} on are to be written; {@link #done} brings them home. */
    long target(long index, long buffer) {
        return half ? buffer : at(index);
    }

    /** Stores what was written to {@code written}, the address that {@link #target} or {@link #read} gave. */
    void done(long index, int count, long written) {
        if (half) {
            Halves.narrowBlock(at(index), written, count);
        }
    }

    /** The numbers from this one on. */
    Numbers from(long index) {
        return new Numbers(at(index), half);
    }

    /** Copies the first numbers as floats. */
    void copyTo(long to, int count) {
        if (half) {
            Halves.widenBlock(to, address, count);
        } else {
            Floats.copy(to, address, (long) count * Floats.BYTES);
        }
    }

    /** Stores floats from elsewhere. */
    void set(long index, int count, long values) {
        if (half) {
            Halves.narrowBlock(at(index), values, count);
        } else {
            Floats.copy(at(index), values, (long) count * Floats.BYTES);
        }
    }

    /** Stores one number. */
    void put(long index, float value) {
        if (half) {
            Floats.putShort(at(index), DType.narrow(value));
        } else {
            Floats.put(at(index), value);
        }
    }

    /** Zeros. */
    void clear(long index, int count) {
        Floats.zero(at(index), at(count) - address);
    }
}
