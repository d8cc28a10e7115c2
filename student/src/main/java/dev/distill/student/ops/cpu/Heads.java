package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;

/** One head of a tensor {@code [N, H, D]} as a matrix. */
final class Heads {
    private Heads() {}

    /** Rows from {@code row} on, [.., D]. */
    static Matrix of(Tensor x_NHD, int row, int head) {
        int width = x_NHD.dim(2);
        long rowBytes = (long) x_NHD.dim(1) * width * Floats.BYTES;
        return new Matrix(
                Floats.address(x_NHD) + row * rowBytes + (long) head * width * Floats.BYTES, rowBytes, Floats.BYTES);
    }
}
