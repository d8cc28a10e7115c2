package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.Gemm.Size;
import jdk.incubator.vector.FloatVector;

/**
 * Products of a few rows with a matrix whose columns lie together, as decoding has them: every weight is read from memory once, for all rows. An
 * entry is one chain of sums down the depth, whichever rows and columns are computed beside it: a row has the same bits alone and in any batch.
 */
final class RowProducts implements AutoCloseable {
    /** More rows than this are oneDNN's. */
    static final int MOST_ROWS = 64;

    /** Rows, and columns, that are computed side by side. */
    private static final int SIDE = 4;

    private static final long VECTOR = (long) Floats.LANES * Floats.BYTES;

    /** Columns of a task. */
    private static final int TASK_COLUMNS = 64;

    private final Workers workers;
    private final Scratch inputs = new Scratch();

    RowProducts(Workers workers) {
        this.workers = workers;
    }

    static boolean takes(Matrix a, Matrix b, Size size) {
        return size.rows() <= MOST_ROWS && a.rowsLieTogether() && b.transposed().rowsLieTogether();
    }

    /** {@code c = a b + beta c}. */
    void multiply(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        Matrix x = a.half() ? widened(a, size) : a;
        Matrix w = b.transposed();
        workers.each(Math.ceilDiv(size.cols(), TASK_COLUMNS), (task, worker) -> {
            int end = Math.min(size.cols(), (task + 1) * TASK_COLUMNS);
            for (int col = task * TASK_COLUMNS; col < end; col += SIDE) {
                columns(
                        x,
                        w.from(col, 0),
                        c.from(0, col),
                        new Size(size.rows(), size.depth(), Math.min(SIDE, end - col)),
                        beta);
            }
        });
    }

    private Matrix widened(Matrix a, Size size) {
        Matrix x = Matrix.floats(inputs.reserve((long) size.rows() * size.depth() * Floats.BYTES), size.depth());
        for (int row = 0; row < size.rows(); row++) {
            Halves.widenBlock(x.from(row, 0).address(), a.from(row, 0).address(), size.depth());
        }
        return x;
    }

    /** Up to four columns; where there are fewer, the last one stands for the missing. */
    private static void columns(Matrix x, Matrix w, Matrix c, Size size, float beta) {
        int last = size.cols() - 1;
        long sums = Stage.buffer(
                0, SIDE * SIDE * Floats.LANES); // a vector of sums for each of up to four rows and four columns
        int row = 0;
        if (size.rows() >= SIDE) {
            long weights = Stage.buffer(1, SIDE * size.depth());
            for (int col = 0; col < SIDE; col++) {
                new Numbers(w.from(Math.min(col, last), 0).address(), w.half())
                        .copyTo(weights + (long) col * size.depth() * Floats.BYTES, size.depth());
            }
            for (; row + SIDE <= size.rows(); row += SIDE) {
                fourRowsBlock(x.from(row, 0).address(), x.rowBytes(), weights, size.depth(), sums);
                store(x.from(row, 0), w, c.from(row, 0), sums, new Size(SIDE, size.depth(), size.cols()), beta);
            }
        }
        for (; row < size.rows(); row++) {
            long left = x.from(row, 0).address();
            if (w.half()) {
                halvesBlock(left, w.address(), w.rowBytes(), size.depth(), size.cols(), sums);
            } else {
                floatsBlock(left, w.address(), w.rowBytes(), size.depth(), size.cols(), sums);
            }
            store(x.from(row, 0), w, c.from(row, 0), sums, new Size(1, size.depth(), size.cols()), beta);
        }
    }

    /** Adds up each vector of sums, then what is left of the depth. */
    private static void store(Matrix x, Matrix w, Matrix c, long sums, Size size, float beta) {
        int full = Floats.SPECIES.loopBound(size.depth());
        for (int row = 0; row < size.rows(); row++) {
            for (int col = 0; col < size.cols(); col++) {
                float sum = Floats.sum(Floats.load(sums + (row * SIDE + col) * VECTOR));
                for (int k = full; k < size.depth(); k++) {
                    sum = Math.fma(x.get(row, k), w.get(col, k), sum);
                }
                c.put(row, col, beta == 0 ? sum : Math.fma(beta, c.get(row, col), sum));
            }
        }
    }

    /** One row with some columns of FLOAT, one after the other: memory is read in one stream. */
    private static void floatsBlock(long x, long w, long step, int depth, int cols, long sums) {
        int full = Floats.SPECIES.loopBound(depth);
        for (int col = 0; col < cols; col++) {
            FloatVector sum = FloatVector.zero(Floats.SPECIES);
            long weights = w + col * step;
            for (int k = 0; k < full; k += Floats.LANES) {
                long at = (long) k * Floats.BYTES;
                sum = Floats.load(x + at).fma(Floats.load(weights + at), sum);
            }
            Floats.store(sums + col * VECTOR, sum);
        }
    }

    /** One row with some columns of BFLOAT16: the same numbers. */
    private static void halvesBlock(long x, long w, long step, int depth, int cols, long sums) {
        int full = Floats.SPECIES.loopBound(depth);
        for (int col = 0; col < cols; col++) {
            FloatVector sum = FloatVector.zero(Floats.SPECIES);
            long weights = w + col * step;
            for (int k = 0; k < full; k += Floats.LANES) {
                FloatVector left = Floats.load(x + (long) k * Floats.BYTES);
                sum = left.fma(Halves.load(weights + (long) k * Halves.BYTES), sum);
            }
            Floats.store(sums + col * VECTOR, sum);
        }
    }

    /** Four rows with four columns, which lie one behind the other. */
    private static void fourRowsBlock(long x, long xStep, long w, int depth, long sums) {
        FloatVector s00 = FloatVector.zero(Floats.SPECIES), s01 = s00, s02 = s00, s03 = s00;
        FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
        FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        long wStep = (long) depth * Floats.BYTES;
        int full = Floats.SPECIES.loopBound(depth);
        for (int k = 0; k < full; k += Floats.LANES) {
            long at = (long) k * Floats.BYTES;
            FloatVector w0 = Floats.load(w + at);
            FloatVector w1 = Floats.load(w + wStep + at);
            FloatVector w2 = Floats.load(w + 2 * wStep + at);
            FloatVector w3 = Floats.load(w + 3 * wStep + at);
            FloatVector x0 = Floats.load(x + at);
            s00 = x0.fma(w0, s00);
            s01 = x0.fma(w1, s01);
            s02 = x0.fma(w2, s02);
            s03 = x0.fma(w3, s03);
            FloatVector x1 = Floats.load(x + xStep + at);
            s10 = x1.fma(w0, s10);
            s11 = x1.fma(w1, s11);
            s12 = x1.fma(w2, s12);
            s13 = x1.fma(w3, s13);
            FloatVector x2 = Floats.load(x + 2 * xStep + at);
            s20 = x2.fma(w0, s20);
            s21 = x2.fma(w1, s21);
            s22 = x2.fma(w2, s22);
            s23 = x2.fma(w3, s23);
            FloatVector x3 = Floats.load(x + 3 * xStep + at);
            s30 = x3.fma(w0, s30);
            s31 = x3.fma(w1, s31);
            s32 = x3.fma(w2, s32);
            s33 = x3.fma(w3, s33);
        }
        put(sums, s00, s01, s02, s03);
        put(sums + SIDE * VECTOR, s10, s11, s12, s13);
        put(sums + 2 * SIDE * VECTOR, s20, s21, s22, s23);
        put(sums + 3 * SIDE * VECTOR, s30, s31, s32, s33);
    }

    private static void put(long sums, FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
        Floats.store(sums, s0);
        Floats.store(sums + VECTOR, s1);
        Floats.store(sums + 2 * VECTOR, s2);
        Floats.store(sums + 3 * VECTOR, s3);
    }

    @Override
    public void close() {
        inputs.close();
    }
}
