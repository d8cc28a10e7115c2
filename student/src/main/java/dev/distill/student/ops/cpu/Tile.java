package dev.distill.student.ops.cpu;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of every product of ours: six rows of two vectors of sums, which stay in registers while the depth goes by. Each sum is one
 * chain of fused multiply-adds in the order of the depth.
 */
final class Tile {
    /** Rows: 6 x 2 vectors of sums, 2 of the right-hand side and 1 of the left fill 15 of the 16 registers of AVX2. */
    static final int ROWS = 6;

    /** Columns: two vectors. */
    static final int COLS = 2 * Floats.LANES;

    /** Bytes of a row of sums, and of a row of {@link Panels}. */
    static final long ROW_BYTES = (long) COLS * Floats.BYTES;

    private static final long VECTOR = ROW_BYTES / 2;

    private Tile() {}

    /**
     * {@code sums[i, j] = sum over k < depth of a[i, k] b[k, j]}.
     *
     * <p>Written for what the compiler makes of it: a branch in it, such as a case for edges, and the sums are boxed (an eighth of the speed); a
     * loop that counts, and it is unrolled until the sums do not fit into the registers (half the speed). So there are always six rows and two
     * vectors, and the loop runs to an address.
     *
     * @param a entry (0, 0) of the left-hand side
     * @param row bytes from a row of it to the next
     * @param step bytes from a column of it to the next
     * @param b entry (0, 0) of the right-hand side, whose rows are contiguous
     * @param rightStep bytes from a row of it to the next
     * @param sums where six rows of {@link #COLS} go, one after the other
     */
    static void multiply(long a, long row, long step, long b, long rightStep, int depth, long sums) {
        FloatVector s00 = FloatVector.zero(Floats.SPECIES);
        FloatVector s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
        FloatVector s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
        long left = a;
        long right = b;
        long end = b + depth * rightStep;
        long row3 = 3 * row;
        long row5 = 5 * row;
        while (right != end) {
            FloatVector b0 = Floats.load(right);
            FloatVector b1 = Floats.load(right + VECTOR);
            FloatVector x0 = Floats.broadcast(Floats.get(left));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = Floats.broadcast(Floats.get(left + row));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = Floats.broadcast(Floats.get(left + 2 * row));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = Floats.broadcast(Floats.get(left + row3));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = Floats.broadcast(Floats.get(left + 4 * row));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = Floats.broadcast(Floats.get(left + row5));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            left += step;
            right += rightStep;
        }
        Floats.store(sums, s00);
        Floats.store(sums + VECTOR, s01);
        Floats.store(sums + 2 * VECTOR, s10);
        Floats.store(sums + 3 * VECTOR, s11);
        Floats.store(sums + 4 * VECTOR, s20);
        Floats.store(sums + 5 * VECTOR, s21);
        Floats.store(sums + 6 * VECTOR, s30);
        Floats.store(sums + 7 * VECTOR, s31);
        Floats.store(sums + 8 * VECTOR, s40);
        Floats.store(sums + 9 * VECTOR, s41);
        Floats.store(sums + 10 * VECTOR, s50);
        Floats.store(sums + 11 * VECTOR, s51);
    }
}
