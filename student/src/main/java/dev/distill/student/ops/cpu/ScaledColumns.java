package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;

/** A factor for each column, and the sizes of rows: what an adapter of direction and magnitude needs. */
final class ScaledColumns {
    /** Numbers of a task. */
    private static final int BLOCK = 8 * 1024;

    /** Columns of a task that sums over rows: four lines of the cache. */
    private static final int COLUMNS = 64;

    private final Workers workers;

    ScaledColumns(Workers workers) {
        this.workers = workers;
    }

    void scale(Tensor y_NO, Tensor x_NO, Tensor c_O, float beta) {
        Numbers ys = Numbers.of(y_NO);
        Numbers xs = Numbers.of(x_NO);
        long c = Floats.address(c_O);
        int width = x_NO.cols();
        int block = Math.max(1, BLOCK / Math.max(1, width));
        int rows = x_NO.rows();
        workers.each(Math.ceilDiv(rows, block), (task, worker) -> {
            for (int row = task * block; row < Math.min(rows, (task + 1) * block); row++) {
                long first = (long) row * width;
                long x = xs.read(first, width, Stage.buffer(0, width));
                long y = beta == 0
                        ? ys.target(first, Stage.buffer(1, width))
                        : ys.read(first, width, Stage.buffer(1, width));
                scaleBlock(y, x, c, beta, width);
                ys.done(first, width, y);
            }
        });
    }

    /** {@code y = c x + beta y}; with beta 0, old contents of y are not looked at. */
    private static void scaleBlock(long y, long x, long c, float beta, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            var scaled = Floats.load(x + at).mul(Floats.load(c + at));
            Floats.store(y + at, beta == 0 ? scaled : Floats.load(y + at).fma(Floats.broadcast(beta), scaled));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            float scaled = Floats.get(x + at) * Floats.get(c + at);
            Floats.put(y + at, beta == 0 ? scaled : Math.fma(Floats.get(y + at), beta, scaled));
        }
    }

    /** Each task has some columns and goes through all rows in order. */
    void backward(Tensor dx_NO, Tensor dc_O, Tensor dy_NO, Tensor x_NO, Tensor c_O) {
        Numbers dxs = Numbers.of(dx_NO);
        Numbers dys = Numbers.of(dy_NO);
        Numbers xs = Numbers.of(x_NO);
        long c = Floats.address(c_O);
        long dc = Floats.address(dc_O);
        int width = x_NO.cols();
        int rows = x_NO.rows();
        workers.each(Math.ceilDiv(width, COLUMNS), (task, worker) -> {
            int col = task * COLUMNS;
            int count = Math.min(COLUMNS, width - col);
            long from = (long) col * Floats.BYTES;
            for (int row = 0; row < rows; row++) {
                long first = (long) row * width + col;
                long dy = dys.read(first, count, Stage.buffer(0, count));
                addProductBlock(dc + from, dy, xs.read(first, count, Stage.buffer(1, count)), count);
                long dx = dxs.target(first, Stage.buffer(2, count));
                scaleBlock(dx, dy, c + from, 0, count);
                dxs.done(first, count, dx);
            }
        });
    }

    /** {@code sum += a b}. */
    private static void addProductBlock(long sum, long a, long b, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(sum + at, Floats.load(a + at).fma(Floats.load(b + at), Floats.load(sum + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(sum + at, Math.fma(Floats.get(a + at), Floats.get(b + at), Floats.get(sum + at)));
        }
    }

    void rowSquares(Tensor s_O, Tensor w_OI) {
        boolean floating = w_OI.type() == DType.FLOAT || w_OI.type() == DType.BFLOAT16;
        workers.each(
                w_OI.dim(0), (row, worker) -> s_O.set(row, floating ? squares(w_OI, row) : slowSquares(w_OI, row)));
    }

    private static float squares(Tensor w_OI, int row) {
        int width = w_OI.cols();
        long w = Numbers.of(w_OI).read((long) row * width, width, Stage.buffer(0, width));
        return Products.dot(w, w, width);
    }

    /** Of few bits, number by number: it is asked once for each matrix. */
    private static float slowSquares(Tensor w_OI, int row) {
        double sum = 0;
        long first = (long) row * w_OI.cols();
        for (long i = first; i < first + w_OI.cols(); i++) {
            double value = w_OI.get(i);
            sum += value * value;
        }
        return (float) sum;
    }
}
