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
     * {@link Gemm}, but a call costs 50 to 100 microseconds, and its threads wait for each other.
     */
    private static final long LEAST_FLOAT = (1L << 28) + 1;

    /** The same with BFLOAT16 in it, which oneDNN need not widen: more than twice as fast as Gemm, also for the 16 columns of an adapter. */
    private static final long LEAST_HALF = 1L << 22;

    /** Numbers of a result at a time. */
    private static final int MOST_RESULT = 5 << 19;

    private final Workers workers;
    private final OneDnn oneDnn;
    private final boolean halves;
    private final Scratch left = new Scratch();
    private final Scratch right = new Scratch();
    private final Scratch result = new Scratch();

    /** @param halves whether products with BFLOAT16 in them are computed in it, or else in FLOAT */
    LargeProducts(Workers workers, OneDnn oneDnn, boolean halves) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.halves = halves;
    }

    /** The least depth: below, all time goes into the result, which Gemm touches once and this way twice. */
    private static final int LEAST_DEPTH = 64;

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
        boolean direct = c.half() == half && (beta == 0 || !half);
        Matrix y = direct ? c : scratch(half, size.rows(), size.cols(), result);
        multiplyInPieces(x, w, y, size, direct ? beta : 0);
        if (!direct) {
            store(c, y, (long) size.rows() * size.cols(), beta);
        }
    }

    /**
     * Wide results a piece at a time, for which oneDNN finds better blocks: columns where a row of {@code bᵀ} is in one piece, else rows, as
     * some columns of a wider factor are beyond it.
     */
    private void multiplyInPieces(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        boolean byCols = !b.rowsLieTogether() && a.rowsLieTogether();
        boolean byRows = b.rowsLieTogether() && a.rowsLieTogether();
        int cols = byCols ? piece(size.cols(), MOST_RESULT / size.rows()) : size.cols();
        int rows = byRows ? piece(size.rows(), MOST_RESULT / size.cols()) : size.rows();
        for (int row = 0; row < size.rows(); row += rows) {
            for (int col = 0; col < size.cols(); col += cols) {
                int height = Math.min(rows, size.rows() - row);
                int width = Math.min(cols, size.cols() - col);
                oneDnn.multiply(
                        Operand.of(a.from(row, 0), height, size.depth()),
                        Operand.of(b.from(0, col), size.depth(), width),
                        Operand.of(c.from(row, col), height, width),
                        beta);
            }
        }
    }

    /** The length of equal parts, of at most {@code most} and but for the last a multiple of 64, that {@code all} falls into. */
    private static int piece(int all, int most) {
        int parts = Math.ceilDiv(all, Math.max(64, most));
        return Math.ceilDiv(Math.ceilDiv(all, parts), 64) * 64;
    }

    /** The matrix itself where it has the type, or a copy of it. */
    private Matrix as(boolean half, Matrix matrix, int rows, int cols, Scratch scratch) {
        if (matrix.half() == half) {
            return matrix;
        }
        Matrix copy = matrix.rowsLieTogether()
                ? scratch(half, rows, cols, scratch)
                : scratch(half, cols, rows, scratch).transposed();
        store(copy, matrix, (long) rows * cols, 0);
        return copy;
    }

    private static Matrix scratch(boolean half, int rows, int cols, Scratch scratch) {
        long size = (long) rows * cols;
        return half
                ? Matrix.halves(scratch.reserve(size * Halves.BYTES), cols)
                : Matrix.floats(scratch.reserve(size * Floats.BYTES), cols);
    }

    /** {@code to = from + beta to}, both in one piece and in the same order. */
    private void store(Matrix to, Matrix from, long size, float beta) {
        Numbers target = new Numbers(to.address(), to.half());
        Numbers source = new Numbers(from.address(), from.half());
        Elements.each(workers, size, (first, count) -> {
            long x = source.read(first, count, Stage.buffer(0, count));
            if (beta == 0) {
                target.set(first, count, x);
            } else {
                long y = target.read(first, count, Stage.buffer(1, count));
                Elements.scaleBlock(y, beta, count);
                Elements.axpyBlock(y, 1, x, count);
                target.done(first, count, y);
            }
        });
    }

    @Override
    public void close() {
        left.close();
        right.close();
        result.close();
    }
}
