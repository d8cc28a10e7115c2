package dev.distill.student.ops.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The inner part of every matrix product: rows of a matrix times {@link Panels}. Each entry of the result is one chain of fused multiply-adds
 * over the depth, cut at fixed places; so neither vectors, tiles nor threads change its bits.
 *
 * <p>The loops are those of Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication", without the packing of the
 * left-hand matrix, which is read in place.
 */
final class Gemm {
    /** Rows of a tile: 6 x 2 vectors of sums and 2 of the panel fill 14 of the 16 registers of AVX2. */
    static final int TILE_ROWS = 6;

    /** Depth that is summed in registers before the result is touched: a panel's part then stays in the first-level cache. */
    private static final int DEPTH = 256;

    private Gemm() {}

    /** Sizes of a product: [rows, depth] times [depth, cols]. */
    record Size(int rows, int depth, int cols) {}

    /**
     * {@code c = a b + beta c}, on the calling thread.
     *
     * @param b of which the first {@code depth} rows and {@code cols} columns count
     * @param c result, its columns side by side in memory
     */
    static void multiply(Matrix a, Panels b, Matrix c, Size size, float beta) {
        for (int k = 0; k < size.depth; k += DEPTH) {
            int depth = Math.min(DEPTH, size.depth - k);
            float keep = k == 0 ? beta : 1;
            for (int col = 0; col < size.cols; col += Panels.WIDTH) {
                int cols = Math.min(Panels.WIDTH, size.cols - col);
                long panel = b.at(col / Panels.WIDTH, k);
                for (int row = 0; row < size.rows; row += TILE_ROWS) {
                    int rows = Math.min(TILE_ROWS, size.rows - row);
                    long at = a.address() + row * a.rowBytes() + k * a.colBytes();
                    long to = c.address() + row * c.rowBytes() + (long) col * Floats.BYTES;
                    tile(at, a.rowBytes(), a.colBytes(), rows, panel, depth, to, c.rowBytes(), cols, keep);
                }
            }
        }
    }

    /** One tile of the result. Where it has fewer than six rows, the last one is computed again instead of those that are not there. */
    private static void tile(
            long a, long aRow, long aCol, int rows, long b, int depth, long c, long cRow, int cols, float beta) {
        long a1 = rows > 1 ? a + aRow : a;
        long a2 = rows > 2 ? a1 + aRow : a1;
        long a3 = rows > 3 ? a2 + aRow : a2;
        long a4 = rows > 4 ? a3 + aRow : a3;
        long a5 = rows > 5 ? a4 + aRow : a4;
        FloatVector s00 = FloatVector.zero(Floats.SPECIES);
        FloatVector s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
        FloatVector s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
        long at = 0;
        long panel = b;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = Floats.load(panel);
            FloatVector b1 = Floats.load(panel + Panels.ROW_BYTES / 2);
            FloatVector x0 = Floats.broadcast(Floats.get(a + at));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = Floats.broadcast(Floats.get(a1 + at));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = Floats.broadcast(Floats.get(a2 + at));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = Floats.broadcast(Floats.get(a3 + at));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = Floats.broadcast(Floats.get(a4 + at));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = Floats.broadcast(Floats.get(a5 + at));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            at += aCol;
            panel += Panels.ROW_BYTES;
        }
        storeRow(c, s00, s01, cols, beta);
        if (rows > 1) {
            storeRow(c + cRow, s10, s11, cols, beta);
        }
        if (rows > 2) {
            storeRow(c + 2 * cRow, s20, s21, cols, beta);
        }
        if (rows > 3) {
            storeRow(c + 3 * cRow, s30, s31, cols, beta);
        }
        if (rows > 4) {
            storeRow(c + 4 * cRow, s40, s41, cols, beta);
        }
        if (rows > 5) {
            storeRow(c + 5 * cRow, s50, s51, cols, beta);
        }
    }

    private static void storeRow(long c, FloatVector sum0, FloatVector sum1, int cols, float beta) {
        if (cols == Panels.WIDTH) {
            if (beta == 0) {
                Floats.store(c, sum0);
                Floats.store(c + Panels.ROW_BYTES / 2, sum1);
            } else {
                FloatVector keep = Floats.broadcast(beta);
                Floats.store(c, Floats.load(c).fma(keep, sum0));
                Floats.store(
                        c + Panels.ROW_BYTES / 2,
                        Floats.load(c + Panels.ROW_BYTES / 2).fma(keep, sum1));
            }
        } else {
            storePart(c, sum0, cols, beta);
            if (cols > Floats.LANES) {
                storePart(c + Panels.ROW_BYTES / 2, sum1, cols - Floats.LANES, beta);
            }
        }
    }

    private static void storePart(long c, FloatVector sum, int cols, float beta) {
        VectorMask<Float> mask = Floats.first(cols);
        FloatVector result = beta == 0 ? sum : Floats.load(c, mask).fma(Floats.broadcast(beta), sum);
        Floats.store(c, result, mask);
    }
}
