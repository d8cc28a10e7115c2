package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The inner part of every matrix product: rows of a matrix times {@link Panels}. Each entry of the result is one chain of fused multiply-adds
 * over the depth, cut at fixed places; so neither vectors, tiles nor threads change its bits.
 *
 * <p>The loops are those of Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication".
 */
final class Gemm {
    private static final int TILE_ROWS = Tile.ROWS;

    /** Rows that are packed at a time: 8 tiles, so that a panel of the right-hand matrix is used 8 times from the first-level cache. */
    static final int BLOCK_ROWS = 8 * TILE_ROWS;

    /** Depth that is summed in registers before the result is touched: what a tile reads then stays in the first-level cache. */
    private static final int DEPTH = 256;

    /** A packed step of the left-hand matrix: six numbers, and room for two, so that eight can be moved at once. */
    private static final int STEP_BYTES = 8 * Floats.BYTES;

    private static final long TILE_BYTES = (long) DEPTH * STEP_BYTES;

    private static final long VECTOR = Panels.ROW_BYTES / 2;

    /** Each thread's packed rows, and behind them the sums of a tile. */
    private static final ThreadLocal<MemorySegment> BUFFER = ThreadLocal.withInitial(() -> Arena.ofAuto()
            .allocate(BLOCK_ROWS / TILE_ROWS * TILE_BYTES + TILE_ROWS * Panels.ROW_BYTES, Tensor.ALIGNMENT));

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
        long buffer = BUFFER.get().address();
        for (int k = 0; k < size.depth; k += DEPTH) {
            int depth = Math.min(DEPTH, size.depth - k);
            for (int row = 0; row < size.rows; row += BLOCK_ROWS) {
                Size block = new Size(Math.min(BLOCK_ROWS, size.rows - row), depth, size.cols);
                pack(a.from(row, k), block, buffer);
                multiplyBlock(
                        buffer, b.at(0, k), b.depth() * Panels.ROW_BYTES, c.from(row, 0), block, k == 0 ? beta : 1);
            }
        }
    }

    /** @param panelBytes from a panel of the right-hand matrix to the next */
    private static void multiplyBlock(long packed, long b, long panelBytes, Matrix c, Size size, float beta) {
        long sums = packed + BLOCK_ROWS / TILE_ROWS * TILE_BYTES;
        for (int col = 0; col < size.cols; col += Panels.WIDTH) {
            int cols = Math.min(Panels.WIDTH, size.cols - col);
            long panel = b + col / Panels.WIDTH * panelBytes;
            for (int row = 0; row < size.rows; row += TILE_ROWS) {
                long left = packed + row / TILE_ROWS * TILE_BYTES;
                Tile.multiply(left, Floats.BYTES, STEP_BYTES, panel, Panels.ROW_BYTES, size.depth, sums);
                addTo(c.from(row, col), Math.min(TILE_ROWS, size.rows - row), cols, beta, sums);
            }
        }
    }

    /** Copies rows into the order in which tiles read them: for each step of the depth the six numbers of a tile side by side. */
    private static void pack(Matrix a, Size size, long to) {
        for (int row = 0; row < size.rows; row += TILE_ROWS) {
            long tile = to + row / TILE_ROWS * TILE_BYTES;
            int rows = Math.min(TILE_ROWS, size.rows - row);
            Matrix part = a.from(row, 0);
            if (a.half()) {
                packHalves(part, rows, size.depth, tile);
            } else if (rows == TILE_ROWS && a.rowBytes() == Floats.BYTES) {
                packColumns(part, size.depth, tile);
            } else {
                packRows(part, rows, size.depth, tile);
            }
        }
    }

    /** Six numbers of a step lie side by side already. */
    private static void packColumns(Matrix a, int depth, long to) {
        for (int k = 0; k < depth; k++) {
            Floats.copySix(to + (long) k * STEP_BYTES, a.address() + k * a.colBytes());
        }
    }

    private static void packRows(Matrix a, int rows, int depth, long to) {
        for (int row = 0; row < TILE_ROWS; row++) {
            long from =
                    a.from(Math.min(row, rows - 1), 0).address(); // the last row stands for those that are not there
            long step = a.colBytes();
            for (int k = 0; k < depth; k++) {
                Floats.put(to + (long) k * STEP_BYTES + (long) row * Floats.BYTES, Floats.get(from + k * step));
            }
        }
    }

    private static void packHalves(Matrix a, int rows, int depth, long to) {
        for (int row = 0; row < TILE_ROWS; row++) {
            long from = a.from(Math.min(row, rows - 1), 0).address();
            long step = a.colBytes();
            for (int k = 0; k < depth; k++) {
                float value = DType.widen(Floats.getShort(from + k * step));
                Floats.put(to + (long) k * STEP_BYTES + (long) row * Floats.BYTES, value);
            }
        }
    }

    /** {@code c = sums + beta c} for the part of the tile that the result has. */
    private static void addTo(Matrix c, int rows, int cols, float beta, long sums) {
        for (int row = 0; row < rows; row++) {
            long to = c.address() + row * c.rowBytes();
            long from = sums + row * Panels.ROW_BYTES;
            if (c.half()) {
                addHalves(to, cols, beta, from);
            } else if (cols < Panels.WIDTH) {
                addPart(to, cols, beta, from);
            } else if (beta == 0) {
                Floats.store(to, Floats.load(from));
                Floats.store(to + VECTOR, Floats.load(from + VECTOR));
            } else {
                addWhole(to, beta, from);
            }
        }
    }

    private static void addWhole(long to, float beta, long from) {
        FloatVector keep = Floats.broadcast(beta);
        Floats.store(to, Floats.load(to).fma(keep, Floats.load(from)));
        Floats.store(to + VECTOR, Floats.load(to + VECTOR).fma(keep, Floats.load(from + VECTOR)));
    }

    private static void addPart(long to, int cols, float beta, long from) {
        for (int col = 0; col < cols; col++) {
            long at = (long) col * Floats.BYTES;
            float sum = Floats.get(from + at);
            Floats.put(to + at, beta == 0 ? sum : Math.fma(beta, Floats.get(to + at), sum));
        }
    }

    private static void addHalves(long to, int cols, float beta, long from) {
        if (cols < Panels.WIDTH) {
            addPartOfHalves(to, cols, beta, from);
        } else if (beta == 0) {
            Halves.store(to, Floats.load(from));
            Halves.store(to + VECTOR / 2, Floats.load(from + VECTOR));
        } else {
            FloatVector keep = Floats.broadcast(beta);
            Halves.store(to, Halves.load(to).fma(keep, Floats.load(from)));
            Halves.store(to + VECTOR / 2, Halves.load(to + VECTOR / 2).fma(keep, Floats.load(from + VECTOR)));
        }
    }

    private static void addPartOfHalves(long to, int cols, float beta, long from) {
        for (int col = 0; col < cols; col++) {
            long at = to + (long) col * Halves.BYTES;
            float sum = Floats.get(from + (long) col * Floats.BYTES);
            Floats.putShort(at, DType.narrow(beta == 0 ? sum : Math.fma(beta, Halves.get(at), sum)));
        }
    }
}
