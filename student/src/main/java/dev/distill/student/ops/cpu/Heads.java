package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;

/** One head of a tensor {@code [N, H, D]} as a matrix. */
final class Heads {
    private Heads() {}

    /** Rows from {@code row} on, [.., D]. */
    static Matrix of(Tensor x_NHD, int row, int head) {
        Matrix all = Matrix.of(x_NHD.reshape(x_NHD.dim(0), x_NHD.dim(1) * x_NHD.dim(2)));
        return all.from(row, (long) head * x_NHD.dim(2));
    }
}
