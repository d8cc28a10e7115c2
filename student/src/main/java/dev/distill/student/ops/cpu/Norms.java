package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/** RMS norm, and sums over rows such as the gradient of a bias. */
final class Norms {
    /** Numbers of a task. */
    private static final int BLOCK = 8 * 1024;

    /** Columns of a task that sums over rows: four lines of the cache. */
    private static final int COLUMNS = 64;

    private final Workers workers;

    Norms(Workers workers) {
        this.workers = workers;
    }

    void forward(Tensor y_NC, Tensor rstd_N, Tensor x_NC, Tensor w_C, float eps) {
        Numbers ys = Numbers.of(y_NC);
        Numbers xs = Numbers.of(x_NC);
        long rstd = Floats.address(rstd_N);
        long w = Floats.address(w_C);
        int width = x_NC.cols();
        eachRow(x_NC, row -> {
            long first = (long) row * width;
            long x = xs.read(first, width, Stage.buffer(0, width));
            float squares = Products.dot(x, x, width);
            float r = (float) (1 / Math.sqrt((double) squares / width + eps));
            Floats.put(rstd + row * (long) Floats.BYTES, r);
            long y = ys.target(first, Stage.buffer(1, width));
            forwardBlock(y, x, w, r, width);
            ys.done(first, width, y);
        });
    }

    /** {@code y = w x rstd}. */
    private static void forwardBlock(long y, long x, long w, float rstd, int width) {
        int full = Floats.SPECIES.loopBound(width);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Floats.load(x + at).mul(rstd).mul(Floats.load(w + at)));
        }
        for (int i = full; i < width; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Floats.get(x + at) * rstd * Floats.get(w + at));
        }
    }

    void backward(Tensor dx_NC, Tensor dy_NC, Tensor x_NC, Tensor w_C, Tensor rstd_N) {
        Numbers dxs = Numbers.of(dx_NC);
        Numbers dys = Numbers.of(dy_NC);
        Numbers xs = Numbers.of(x_NC);
        long w = Floats.address(w_C);
        long rstd = Floats.address(rstd_N);
        int width = x_NC.cols();
        eachRow(x_NC, row -> {
            long first = (long) row * width;
            long dy = dys.read(first, width, Stage.buffer(0, width));
            long x = xs.read(first, width, Stage.buffer(1, width));
            float r = Floats.get(rstd + row * (long) Floats.BYTES);
            float pull = r * r * tripleDotBlock(dy, w, x, width) / width;
            long dx = dxs.target(first, Stage.buffer(2, width));
            backwardBlock(dx, dy, x, w, new RowFactors(r, pull), width);
            dxs.done(first, width, dx);
        });
    }

    /** rstd, and rstd² times the mean of g x. */
    private record RowFactors(float rstd, float pull) {}

    /** With {@code g = w dy}: {@code dx = rstd (g - x pull)}. */
    private static void backwardBlock(long dx, long dy, long x, long w, RowFactors row, int width) {
        int full = Floats.SPECIES.loopBound(width);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            FloatVector g = Floats.load(w + at).mul(Floats.load(dy + at));
            Floats.store(dx + at, g.sub(Floats.load(x + at).mul(row.pull)).mul(row.rstd));
        }
        for (int i = full; i < width; i++) {
            long at = (long) i * Floats.BYTES;
            float g = Floats.get(w + at) * Floats.get(dy + at);
            Floats.put(dx + at, (g - Floats.get(x + at) * row.pull) * row.rstd);
        }
    }

    /** Sum of {@code a b c} over a row. */
    private static float tripleDotBlock(long a, long b, long c, int count) {
        FloatVector sums = FloatVector.zero(Floats.SPECIES);
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            sums = Floats.load(a + at).mul(Floats.load(b + at)).fma(Floats.load(c + at), sums);
        }
        float sum = Floats.sum(sums);
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            sum = Math.fma(Floats.get(a + at) * Floats.get(b + at), Floats.get(c + at), sum);
        }
        return sum;
    }

    /** {@code dw += sum over n of dy[n] x[n] rstd[n]}: each task has some columns and goes through all rows in order. */
    void weightGradient(Tensor dw_C, Tensor dy_NC, Tensor x_NC, Tensor rstd_N) {
        long dw = Floats.address(dw_C);
        Numbers dys = Numbers.of(dy_NC);
        Numbers xs = Numbers.of(x_NC);
        long rstd = Floats.address(rstd_N);
        int rows = x_NC.rows();
        int width = x_NC.cols();
        eachColumns(width, (col, count) -> {
            for (int row = 0; row < rows; row++) {
                long first = (long) row * width + col;
                float r = Floats.get(rstd + (long) row * Floats.BYTES);
                long dy = dys.read(first, count, Stage.buffer(0, count));
                addProductBlock(
                        dw + (long) col * Floats.BYTES, dy, xs.read(first, count, Stage.buffer(1, count)), r, count);
            }
        });
    }

    /** {@code sum += a b factor}. */
    private static void addProductBlock(long sum, long a, long b, float factor, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            FloatVector product = Floats.load(b + at).mul(factor);
            Floats.store(sum + at, Floats.load(a + at).fma(product, Floats.load(sum + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(sum + at, Math.fma(Floats.get(a + at), Floats.get(b + at) * factor, Floats.get(sum + at)));
        }
    }

    void addBias(Tensor y_NO, Tensor b_O) {
        Numbers ys = Numbers.of(y_NO);
        long b = Floats.address(b_O);
        int width = y_NO.cols();
        eachRow(y_NO, row -> {
            long first = (long) row * width;
            long y = ys.read(first, width, Stage.buffer(0, width));
            Elements.axpyBlock(y, 1, b, width);
            ys.done(first, width, y);
        });
    }

    void addBiasBackward(Tensor db_O, Tensor dy_NO) {
        long db = Floats.address(db_O);
        Numbers dys = Numbers.of(dy_NO);
        int rows = dy_NO.rows();
        int width = dy_NO.cols();
        eachColumns(width, (col, count) -> {
            for (int row = 0; row < rows; row++) {
                long dy = dys.read((long) row * width + col, count, Stage.buffer(0, count));
                Elements.axpyBlock(db + (long) col * Floats.BYTES, 1, dy, count);
            }
        });
    }

    void embed(Tensor y_NC, Tensor table_VC, int[] ids_N) {
        Numbers ys = Numbers.of(y_NC);
        Numbers table = Numbers.of(table_VC);
        int width = table_VC.cols();
        eachRow(y_NC, row -> {
            long to = ys.target((long) row * width, Stage.buffer(0, width));
            long from = table.read((long) ids_N[row] * width, width, to);
            if (from != to) {
                Floats.copy(to, from, (long) width * Floats.BYTES);
            }
            ys.done((long) row * width, width, to);
        });
    }

    void embedBackward(Tensor dtable_VC, Tensor dy_NC, int[] ids_N) {
        long dtable = Floats.address(dtable_VC);
        long dy = Floats.address(dy_NC);
        long rowBytes = (long) dtable_VC.cols() * Floats.BYTES;
        eachColumns(dtable_VC.cols(), (col, count) -> {
            long from = (long) col * Floats.BYTES;
            for (int n = 0; n < ids_N.length; n++) {
                Elements.axpyBlock(dtable + ids_N[n] * rowBytes + from, 1, dy + n * rowBytes + from, count);
            }
        });
    }

    private interface Row {
        void run(int row);
    }

    private void eachRow(Tensor x, Row task) {
        int rows = x.rows();
        int block = Math.max(1, BLOCK / Math.max(1, x.cols()));
        workers.each(Math.ceilDiv(rows, block), (t, worker) -> {
            for (int row = t * block; row < Math.min(rows, (t + 1) * block); row++) {
                task.run(row);
            }
        });
    }

    private interface Columns {
        void run(int col, int count);
    }

    private void eachColumns(int cols, Columns task) {
        workers.each(
                Math.ceilDiv(cols, COLUMNS),
                (t, worker) -> task.run(t * COLUMNS, Math.min(COLUMNS, cols - t * COLUMNS)));
    }
}
