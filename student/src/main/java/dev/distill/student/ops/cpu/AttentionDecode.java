package dev.distill.student.ops.cpu;

import dev.distill.student.ops.CacheStep;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one new token for each row against its cache. A task has the query heads that share one key/value head of one row, so that keys
 * and values are read, and widened, once. In a page keys lie with the positions side by side and values with the width: both products are then sums
 * of rows, each times one number.
 */
final class AttentionDecode implements AutoCloseable {
    private static final long VECTOR = Floats.SPECIES.vectorByteSize();

    /** Rows that one task appends. */
    private static final int APPENDED_ROWS = 64;

    private final Workers workers;
    private final Scratch[] scores;

    AttentionDecode(Workers workers) {
        this.workers = workers;
        this.scores = Scratch.each(workers.count());
    }

    void append(Tensor k_SKDP, Tensor v_SKPD, Tensor k_BKD, Tensor v_BKD, CacheStep step) {
        workers.each(Math.ceilDiv(step.rows(), APPENDED_ROWS), (task, worker) -> {
            int first = task * APPENDED_ROWS;
            int last = Math.min(first + APPENDED_ROWS, step.rows());
            for (int head = 0; head < k_SKDP.dim(1); head++) {
                appendKeys(k_SKDP, k_BKD, step, head, first, last);
                appendValues(v_SKPD, v_BKD, step, head, first, last);
            }
        });
    }

    /** Rows of one prompt follow each other in a page: they are written side by side, by one thread. */
    private static void appendKeys(Tensor k_SKDP, Tensor k_BKD, CacheStep step, int head, int first, int last) {
        int width = k_BKD.dim(2);
        int positions = k_SKDP.dim(3);
        Numbers cache = Numbers.of(k_SKDP);
        Numbers k = Numbers.of(k_BKD);
        long[] to = new long[last - first]; // where each row's first number goes
        long rows = Stage.buffer(0, (last - first) * width);
        for (int row = first; row < last; row++) {
            int position = step.length(row) - 1;
            long page = (long) step.page(row, position / positions) * k_BKD.dim(1) + head;
            to[row - first] = page * width * positions + position % positions;
            long from = ((long) row * k_BKD.dim(1) + head) * width;
            k.from(from).copyTo(rows + (long) (row - first) * width * Floats.BYTES, width);
        }
        for (int d = 0; d < width; d++) {
            for (int i = 0; i < to.length; i++) {
                float number = Floats.get(rows + ((long) i * width + d) * Floats.BYTES);
                cache.put(to[i] + (long) d * positions, number);
            }
        }
    }

    private static void appendValues(Tensor v_SKPD, Tensor v_BKD, CacheStep step, int head, int first, int last) {
        int width = v_BKD.dim(2);
        int positions = v_SKPD.dim(2);
        Numbers cache = Numbers.of(v_SKPD);
        Numbers v = Numbers.of(v_BKD);
        for (int row = first; row < last; row++) {
            int position = step.length(row) - 1;
            long page = (long) step.page(row, position / positions) * v_BKD.dim(1) + head;
            long value = v.read(((long) row * v_BKD.dim(1) + head) * width, width, Stage.buffer(0, width));
            cache.set((page * positions + position % positions) * width, width, value);
        }
    }

    void run(Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step, float scale) {
        int kvHeads = k_SKDP.dim(1);
        int heads = q_BHD.dim(1);
        int width = q_BHD.dim(2);
        int group = heads / kvHeads;
        Pages keys = Pages.of(k_SKDP, k_SKDP.dim(3));
        Pages values = Pages.of(v_SKPD, k_SKDP.dim(3));
        workers.each(step.rows() * kvHeads, (task, worker) -> {
            Row row = new Row(step, task / kvHeads, task % kvHeads, group, width, keys.positions);
            long p = scores[worker].reserve(group * row.rowBytes());
            long first = ((long) row.row * heads + (long) row.kvHead * group) * width;
            int numbers = group * width;
            row.scores(p, Numbers.of(q_BHD).read(first, numbers, Stage.buffer(0, numbers)), keys);
            for (int head = 0; head < group; head++) {
                long of = p + head * row.rowBytes();
                Softmax.row(of, of, row.length(), scale);
            }
            Numbers outs = Numbers.of(out_BHD);
            long out = outs.target(first, Stage.buffer(1, numbers));
            row.values(out, p, values);
            outs.done(first, numbers, out);
        });
    }

    /** A cache of keys or values: for each page and each head a matrix. */
    private record Pages(Numbers numbers, int kvHeads, int size, int positions) {
        static Pages of(Tensor cache, int positions) {
            return new Pages(Numbers.of(cache), cache.dim(1), cache.dim(2) * cache.dim(3), positions);
        }

        Numbers head(int page, int head) {
            return numbers.from(((long) page * kvHeads + head) * size);
        }
    }

    /** The query heads of one row that look at one key/value head. */
    private record Row(CacheStep step, int row, int kvHead, int group, int width, int positions) {
        int length() {
            return step.length(row);
        }

        private int pages() {
            return Math.ceilDiv(length(), positions);
        }

        /** Of a head's scores, which are computed for whole pages. */
        long rowBytes() {
            return (long) pages() * positions * Floats.BYTES;
        }

        /** {@code p[head, t] = q[head] k[t]}; what of the last page is not yet written gives numbers that nobody reads. */
        void scores(long p, long queries, Pages keys) {
            Floats.zero(p, group * rowBytes());
            for (int place = 0; place < pages(); place++) {
                long k_DP = keys.head(step.page(row, place), kvHead).read(0, keys.size, Stage.buffer(2, keys.size));
                for (int head = 0; head < group; head++) {
                    long to = p + head * rowBytes() + (long) place * positions * Floats.BYTES;
                    addRowsBlock(to, queries + (long) head * width * Floats.BYTES, k_DP, width, positions);
                }
            }
        }

        /** {@code out[head] = sum over t of p[head, t] v[t]}. */
        void values(long out, long p, Pages values) {
            Floats.zero(out, (long) group * width * Floats.BYTES);
            for (int place = 0; place < pages(); place++) {
                int count = Math.min(positions, length() - place * positions);
                long v_PD =
                        values.head(step.page(row, place), kvHead).read(0, count * width, Stage.buffer(2, values.size));
                for (int head = 0; head < group; head++) {
                    long from = p + head * rowBytes() + (long) place * positions * Floats.BYTES;
                    addRowsBlock(out + (long) head * width * Floats.BYTES, from, v_PD, count, width);
                }
            }
        }
    }

    /** {@code out += sum over r of factors[r] m[r]}, m with {@code rows} rows of {@code cols}; the rows are added in their order. */
    private static void addRowsBlock(long out, long factors, long m, int rows, int cols) {
        int wide = cols / (4 * Floats.LANES) * 4 * Floats.LANES;
        for (int i = 0; i < wide; i += 4 * Floats.LANES) {
            addFour(
                    out + (long) i * Floats.BYTES,
                    factors,
                    m + (long) i * Floats.BYTES,
                    rows,
                    (long) cols * Floats.BYTES);
        }
        int full = Floats.SPECIES.loopBound(cols);
        for (int i = wide; i < full; i += Floats.LANES) {
            addOne(
                    out + (long) i * Floats.BYTES,
                    factors,
                    m + (long) i * Floats.BYTES,
                    rows,
                    (long) cols * Floats.BYTES);
        }
        for (int i = full; i < cols; i++) {
            float sum = Floats.get(out + (long) i * Floats.BYTES);
            for (int r = 0; r < rows; r++) {
                float number = Floats.get(m + ((long) r * cols + i) * Floats.BYTES);
                sum = Math.fma(number, Floats.get(factors + (long) r * Floats.BYTES), sum);
            }
            Floats.put(out + (long) i * Floats.BYTES, sum);
        }
    }

    private static void addFour(long out, long factors, long m, int rows, long rowBytes) {
        FloatVector a = Floats.load(out);
        FloatVector b = Floats.load(out + VECTOR);
        FloatVector c = Floats.load(out + 2 * VECTOR);
        FloatVector d = Floats.load(out + 3 * VECTOR);
        for (int r = 0; r < rows; r++) {
            FloatVector factor = Floats.broadcast(Floats.get(factors + (long) r * Floats.BYTES));
            long row = m + r * rowBytes;
            a = Floats.load(row).fma(factor, a);
            b = Floats.load(row + VECTOR).fma(factor, b);
            c = Floats.load(row + 2 * VECTOR).fma(factor, c);
            d = Floats.load(row + 3 * VECTOR).fma(factor, d);
        }
        Floats.store(out, a);
        Floats.store(out + VECTOR, b);
        Floats.store(out + 2 * VECTOR, c);
        Floats.store(out + 3 * VECTOR, d);
    }

    private static void addOne(long out, long factors, long m, int rows, long rowBytes) {
        FloatVector sum = Floats.load(out);
        for (int r = 0; r < rows; r++) {
            FloatVector factor = Floats.broadcast(Floats.get(factors + (long) r * Floats.BYTES));
            sum = Floats.load(m + r * rowBytes).fma(factor, sum);
        }
        Floats.store(out, sum);
    }

    @Override
    public void close() {
        Scratch.closeAll(scores);
    }
}
