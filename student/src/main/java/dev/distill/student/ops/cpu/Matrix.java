package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;

/**
 * A matrix of floats in memory, as it lies or transposed.
 *
 * @param address of entry (0, 0)
 * @param rowBytes from a row to the next
 * @param colBytes from a column to the next
 */
record Matrix(long address, long rowBytes, long colBytes) {
    /** All dimensions but the last are rows. */
    static Matrix of(Tensor tensor) {
        return new Matrix(Floats.address(tensor), (long) tensor.cols() * Floats.BYTES, Floats.BYTES);
    }

    Matrix transposed() {
        return new Matrix(address, colBytes, rowBytes);
    }

    /** The part that begins at this entry. */
    Matrix from(long row, long col) {
        return new Matrix(address + row * rowBytes + col * colBytes, rowBytes, colBytes);
    }
}
