package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.ops.cpu.OneDnn.Operand;

/**
 * Products for oneDNN, whose factors must have one type and whose result has it too. A product of FLOAT alone is computed in FLOAT; one with
 * BFLOAT16 in it in the type that this machine multiplies faster, for which the other factors are rounded or widened into scratch memory.
 */
final class LargeProducts implements AutoCloseable {
    /**
     * Multiply-adds from which on oneDNN takes a product of FLOAT: a few milliseconds of work. It is a quarter to a third faster than
     * {@link Gemm}, but a call costs some 20 microseconds, and 65 more where threads share it.
     */
    private static final long LEAST_FLOAT = (1L << 28) + 1;

    /** The same with BFLOAT16 in it, which oneDNN need not widen: more than twice as fast as Gemm, also for the 16 columns of an adapter. */
    private static final long LEAST_HALF = 1L << 22;

    /** The least depth: below, all time goes into the result, which Gemm touches once and this way twice. */
    private static final int LEAST_DEPTH = 64;

    /** Numbers of a tile of the result. */
    private static final int MOST_RESULT = 5 << 19;

    private final Workers workers;
    private final OneDnn oneDnn;
    private final boolean halves;
    private final Scratch left = new Scratch();
    private final Scratch right = new Scratch();
    private final Scratch result = new Scratch();
    private final Scratch[] tiles;
    private final Scratch[] copies;

    /** @param halves whether products with BFLOAT16 in them are computed in it, or else in FLOAT */
    LargeProducts(Workers workers, OneDnn oneDnn, boolean halves) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.halves = halves;
        this.tiles = Scratch.each(workers.count());
        this.copies = Scratch.each(workers.count());
    }

    /** Large enough, and each matrix in one piece as ND4J needs it. */
    static boolean takes(Matrix a, Matrix b, Matrix c, Size size) {
        long least = a.half() || b.half() ? LEAST_HALF : LEAST_FLOAT;
        return size.depth() >= LEAST_DEPTH
                && (long) size.rows() * size.depth() * size.cols() >= least
                && a.inOnePiece(size.rows(), size.depth())
                && b.inOnePiece(size.depth(), size.cols())
                && c.inOnePiece(size.rows(), size.cols());
    }

    /** {@code c = a b + beta c}. */
    void multiply(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        boolean half = halves && (a.half() || b.half());
        Matrix x = as(half, a, size.rows(), size.depth(), left);
        Matrix w = as(half, b, size.depth(), size.cols(), right);
        ProductTiles cut = oneDnn.unrestricted()
                ? ProductTiles.wide(size.rows(), size.cols(), MOST_RESULT, workers.count())
                : ProductTiles.of(size.rows(), size.cols(), !b.rowsLieTogether(), MOST_RESULT, workers.count());
        if (cut.count() < workers.count()) {
            multiplyWhole(x, w, c, size, beta);
        } else {
            multiplyInTiles(x, w, c, size, beta, cut);
        }
    }

    /** Each tile on one thread. */
    private void multiplyInTiles(Matrix a, Matrix b, Matrix c, Size size, float beta, ProductTiles cut) {
        boolean direct = direct(a, c, beta);
        workers.each(cut.count(), (tile, worker) -> {
            int rows = cut.rows(tile);
            int cols = cut.cols(tile);
            Matrix to = c.from(cut.row(tile), cut.col(tile));
            Matrix y = direct ? to : scratch(a.half(), rows, cols, tiles[worker]);
            Matrix from = a.from(cut.row(tile), 0);
            Matrix x = oneDnn.unrestricted() ? from : rows(from, rows, size.depth(), copies[worker]);
            oneDnn.alone(worker)
                    .multiply(
                            Operand.of(x, rows, size.depth()),
                            Operand.of(b.from(0, cut.col(tile)), size.depth(), cols),
                            Operand.of(y, rows, cols),
                            direct ? beta : 0);
            for (int row = 0; row < rows && !direct; row++) {
                store(to.from(row, 0), y.from(row, 0), 0, cols, beta);
            }
        });
    }

    /** Some rows; of a transposed matrix, where they are columns that ND4J cannot cut, a copy. */
    private static Matrix rows(Matrix a, int rows, int depth, Scratch scratch) {
        if (a.rowsLieTogether()) {
            return a;
        }
        Matrix copy = scratch(a.half(), depth, rows, scratch).transposed();
        long bytes = (long) rows * a.itemBytes();
        for (int k = 0; k < depth; k++) {
            Floats.copy(copy.from(0, k).address(), a.from(0, k).address(), bytes);
        }
        return copy;
    }

    /** All threads on one product: for results too small to be cut. */
    private void multiplyWhole(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        boolean direct = direct(a, c, beta);
        Matrix y = direct ? c : scratch(a.half(), size.rows(), size.cols(), result);
        oneDnn.multiply(
                Operand.of(a, size.rows(), size.depth()),
                Operand.of(b, size.depth(), size.cols()),
                Operand.of(y, size.rows(), size.cols()),
                direct ? beta : 0);
        if (!direct) {
            storeAll(c, y, (long) size.rows() * size.cols(), beta);
        }
    }

    /** Whether oneDNN's result can go to its place. */
    private boolean direct(Matrix factor, Matrix result, float beta) {
        if (oneDnn.unrestricted()) {
            return factor.half() || !result.half();
        }
        return result.half() == factor.half() && (beta == 0 || !factor.half());
    }

    /** The matrix itself where it has the type, or a copy of it. */
    private Matrix as(boolean half, Matrix matrix, int rows, int cols, Scratch scratch) {
        if (matrix.half() == half) {
            return matrix;
        }
        Matrix copy = matrix.rowsLieTogether()
                ? scratch(half, rows, cols, scratch)
                : scratch(half, cols, rows, scratch).transposed();
        storeAll(copy, matrix, (long) rows * cols, 0);
        return copy;
    }

    private static Matrix scratch(boolean half, int rows, int cols, Scratch scratch) {
        long size = (long) rows * cols;
        return half
                ? Matrix.halves(scratch.reserve(size * Halves.BYTES), cols)
                : Matrix.floats(scratch.reserve(size * Floats.BYTES), cols);
    }

    /** {@code to = from + beta to}, both in one piece and in the same order. */
    private void storeAll(Matrix to, Matrix from, long size, float beta) {
        Elements.each(workers, size, (first, count) -> store(to, from, first, count, beta));
    }

    private static void store(Matrix to, Matrix from, long first, int count, float beta) {
        Numbers target = new Numbers(to.address(), to.half());
        long x = new Numbers(from.address(), from.half()).read(first, count, Stage.buffer(0, count));
        if (beta == 0) {
            target.set(first, count, x);
        } else {
            long y = target.read(first, count, Stage.buffer(1, count));
            Elements.scaleBlock(y, beta, count);
            Elements.axpyBlock(y, 1, x, count);
            target.done(first, count, y);
        }
    }

    @Override
    public void close() {
        left.close();
        right.close();
        result.close();
        Scratch.closeAll(tiles);
        Scratch.closeAll(copies);
    }
}
