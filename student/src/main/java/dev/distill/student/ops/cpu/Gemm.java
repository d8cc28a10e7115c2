package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

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

    private static final long VECTOR = Panels.ROW_BYTES / 2;

    /** Each thread's sums of a tile. */
    private static final ThreadLocal<MemorySegment> SUMS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(TILE_ROWS * Panels.ROW_BYTES, Tensor.ALIGNMENT));

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
        long sums = SUMS.get().address();
        for (int k = 0; k < size.depth; k += DEPTH) {
            int depth = Math.min(DEPTH, size.depth - k);
            float keep = k == 0 ? beta : 1;
            for (int col = 0; col < size.cols; col += Panels.WIDTH) {
                int cols = Math.min(Panels.WIDTH, size.cols - col);
                long panel = b.at(col / Panels.WIDTH, k);
                for (int row = 0; row < size.rows; row += TILE_ROWS) {
                    int rows = Math.min(TILE_ROWS, size.rows - row);
                    Left left = Left.of(a.from(row, k).address(), a.rowBytes(), rows);
                    tile(left, a.colBytes(), panel, depth, sums);
                    addTo(c.from(row, col), rows, cols, keep, sums);
                }
            }
        }
    }

    /**
     * The sums of one tile, six rows of two vectors, into {@code sums}. It has no branch: with any in it, the compiler boxes the vectors and the
     * loop becomes eight times slower.
     */
    private static void tile(Left a, long aCol, long b, int depth, long sums) {
        FloatVector s00 = FloatVector.zero(Floats.SPECIES);
        FloatVector s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
        FloatVector s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
        long at = 0;
        long panel = b;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = Floats.load(panel);
            FloatVector b1 = Floats.load(panel + VECTOR);
            FloatVector x0 = Floats.broadcast(Floats.get(a.row0 + at));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = Floats.broadcast(Floats.get(a.row1 + at));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = Floats.broadcast(Floats.get(a.row2 + at));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = Floats.broadcast(Floats.get(a.row3 + at));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = Floats.broadcast(Floats.get(a.row4 + at));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = Floats.broadcast(Floats.get(a.row5 + at));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            at += aCol;
            panel += Panels.ROW_BYTES;
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

    /** Addresses of six rows of the left-hand matrix. Where a tile has fewer, its last one stands for those that are not there. */
    private record Left(long row0, long row1, long row2, long row3, long row4, long row5) {
        static Left of(long a, long rowBytes, int rows) {
            int last = rows - 1;
            return new Left(
                    a,
                    a + Math.min(1, last) * rowBytes,
                    a + Math.min(2, last) * rowBytes,
                    a + Math.min(3, last) * rowBytes,
                    a + Math.min(4, last) * rowBytes,
                    a + Math.min(5, last) * rowBytes);
        }
    }

    /** {@code c = sums + beta c} for the part of the tile that the result has. */
    private static void addTo(Matrix c, int rows, int cols, float beta, long sums) {
        for (int row = 0; row < rows; row++) {
            long to = c.address() + row * c.rowBytes();
            long from = sums + row * Panels.ROW_BYTES;
            if (cols < Panels.WIDTH) {
                addPart(to, cols, beta, from);
            } else if (beta == 0) {
                Floats.store(to, Floats.load(from));
                Floats.store(to + VECTOR, Floats.load(from + VECTOR));
            } else {
                FloatVector keep = Floats.broadcast(beta);
                Floats.store(to, Floats.load(to).fma(keep, Floats.load(from)));
                Floats.store(to + VECTOR, Floats.load(to + VECTOR).fma(keep, Floats.load(from + VECTOR)));
            }
        }
    }

    private static void addPart(long to, int cols, float beta, long from) {
        for (int col = 0; col < cols; col++) {
            long at = (long) col * Floats.BYTES;
            float sum = Floats.get(from + at);
            Floats.put(to + at, beta == 0 ? sum : Math.fma(beta, Floats.get(to + at), sum));
        }
    }
}
