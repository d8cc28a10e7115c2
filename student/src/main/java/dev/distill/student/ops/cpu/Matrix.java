package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;

/**
 * A matrix of FLOAT or BFLOAT16 in memory, as it lies or transposed.
 *
 * @param address of entry (0, 0)
 * @param rowBytes from a row to the next
 * @param colBytes from a column to the next
 * @param half whether the entries are BFLOAT16
 */
record Matrix(long address, long rowBytes, long colBytes, boolean half) {
    /** All dimensions but the last are rows. */
    static Matrix of(Tensor tensor) {
        boolean half = tensor.type() == DType.BFLOAT16;
        return half ? halves(Floats.address(tensor), tensor.cols()) : floats(Floats.address(tensor), tensor.cols());
    }

    /** FLOAT, row after row without gaps. */
    static Matrix floats(long address, long cols) {
        return new Matrix(address, cols * Floats.BYTES, Floats.BYTES, false);
    }

    /** BFLOAT16, row after row without gaps. */
    static Matrix halves(long address, long cols) {
        return new Matrix(address, cols * Halves.BYTES, Halves.BYTES, true);
    }

    Matrix transposed() {
        return new Matrix(address, colBytes, rowBytes, half);
    }

    /** The part that begins at this entry. */
    Matrix from(long row, long col) {
        return new Matrix(address + row * rowBytes + col * colBytes, rowBytes, colBytes, half);
    }

    /** Size of an entry. */
    int itemBytes() {
        return half ? Halves.BYTES : Floats.BYTES;
    }

    /** Whether the entries of a row lie side by side. */
    boolean rowsLieTogether() {
        return colBytes == itemBytes();
    }

    /** Whether it is one row (of what it is, or of its transpose) after the other, without gaps. */
    boolean inOnePiece(int rows, int cols) {
        return rowsLieTogether() ? rowBytes == (long) cols * itemBytes() : colBytes == (long) rows * itemBytes();
    }

    /** One entry, widened. */
    float get(long row, long col) {
        long at = address + row * rowBytes + col * colBytes;
        return half ? DType.widen(Floats.getShort(at)) : Floats.get(at);
    }

    /** Sets one entry, rounded to the type. */
    void put(long row, long col, float value) {
        long at = address + row * rowBytes + col * colBytes;
        if (half) {
            Floats.putShort(at, DType.narrow(value));
        } else {
            Floats.put(at, value);
        }
    }
}
