package dev.distill.student.ops.cpu;

import dev.distill.student.ops.CacheStep;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one new token for each row against its cache. A task has the query heads that share one key/value head of one row, so that keys
 * and values are read once.
 */
final class AttentionDecode implements AutoCloseable {
    private final Workers workers;
    private final Scratch[] scores;

    AttentionDecode(Workers workers) {
        this.workers = workers;
        this.scores = Scratch.each(workers.count());
    }

    void append(Tensor cache_SPKD, Tensor x_BKD, CacheStep step) {
        int width = x_BKD.dim(1) * x_BKD.dim(2);
        int positions = cache_SPKD.dim(1);
        Numbers cache = Numbers.of(cache_SPKD);
        Numbers x = Numbers.of(x_BKD);
        for (int b = 0; b < step.rows(); b++) {
            int last = step.length(b) - 1;
            long position = (long) step.page(b, last / positions) * positions + last % positions;
            cache.set(position * width, width, x.read((long) b * width, width, Stage.buffer(0, width)));
        }
    }

    void run(Tensor out_BHD, Tensor q_BHD, Tensor k_SPKD, Tensor v_SPKD, CacheStep step, float scale) {
        int kvHeads = k_SPKD.dim(2);
        workers.each(step.rows() * kvHeads, (task, worker) -> {
            Row row = new Row(step, task / kvHeads, task % kvHeads, k_SPKD, q_BHD.dim(1) / kvHeads);
            long p = scores[worker].reserve((long) row.group * row.length * Floats.BYTES);
            long first = (long) (row.row * q_BHD.dim(1) + row.kvHead * row.group) * row.width;
            int numbers = row.group * row.width;
            row.scores(p, Numbers.of(q_BHD).read(first, numbers, Stage.buffer(0, numbers)), Numbers.of(k_SPKD));
            for (int head = 0; head < row.group; head++) {
                long of = p + (long) head * row.length * Floats.BYTES;
                Softmax.row(of, of, row.length, scale);
            }
            Numbers outs = Numbers.of(out_BHD);
            long out = outs.target(first, Stage.buffer(1, numbers));
            row.values(out, p, Numbers.of(v_SPKD));
            outs.done(first, numbers, out);
        });
    }

    /** The query heads of one row that look at one key/value head. */
    private record Row(
            CacheStep step, int row, int kvHead, int kvHeads, int positions, int width, int length, int group) {
        /** Positions that are widened at a time. */
        private static final int PIECE = 64;

        Row(CacheStep step, int row, int kvHead, Tensor cache_SPKD, int group) {
            this(step, row, kvHead, cache_SPKD.dim(2), cache_SPKD.dim(1), cache_SPKD.dim(3), step.length(row), group);
        }

        /** {@code p[head, t] = q[head] k[t]}. */
        void scores(long p, long queries, Numbers keys) {
            long piece = Stage.buffer(2, PIECE * width);
            for (int t = 0; t < length; ) {
                int count = gather(piece, keys, t);
                for (int head = 0; head < group; head++) {
                    long to = p + ((long) head * length + t) * Floats.BYTES;
                    scoresBlock(to, queries + (long) head * width * Floats.BYTES, piece, width, count);
                }
                t += count;
            }
        }

        /** {@code out[head] = sum over t of p[head, t] v[t]}. */
        void values(long out, long p, Numbers values) {
            Floats.zero(out, (long) group * width * Floats.BYTES);
            long piece = Stage.buffer(2, PIECE * width);
            for (int t = 0; t < length; ) {
                int count = gather(piece, values, t);
                for (int head = 0; head < group; head++) {
                    long from = p + ((long) head * length + t) * Floats.BYTES;
                    valuesBlock(out + (long) head * width * Floats.BYTES, from, piece, width, count);
                }
                t += count;
            }
        }

        /** Positions from t on side by side, as floats. @return how many: as far as t's page and the piece reach */
        private int gather(long piece, Numbers cache, int t) {
            int inPage = t % positions;
            int count = Math.min(Math.min(PIECE, positions - inPage), length - t);
            long first = ((long) step.page(row, t / positions) * positions + inPage) * kvHeads + kvHead;
            for (int i = 0; i < count; i++) {
                cache.from((first + (long) i * kvHeads) * width).copyTo(piece + (long) i * width * Floats.BYTES, width);
            }
            return count;
        }
    }

    /** A query with each of {@code count} keys. */
    private static void scoresBlock(long p, long query, long keys, int width, int count) {
        for (int t = 0; t < count; t++) {
            Floats.put(p + (long) t * Floats.BYTES, Products.dot(query, keys + (long) t * width * Floats.BYTES, width));
        }
    }

    /** {@code out += sum over t of p[t] v[t]}, a vector's width of it at a time. */
    private static void valuesBlock(long out, long p, long values, int width, int count) {
        long step = (long) width * Floats.BYTES;
        int full = Floats.SPECIES.loopBound(width);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            FloatVector sum = Floats.load(out + at);
            for (int t = 0; t < count; t++) {
                FloatVector weight = Floats.broadcast(Floats.get(p + (long) t * Floats.BYTES));
                sum = Floats.load(values + t * step + at).fma(weight, sum);
            }
            Floats.store(out + at, sum);
        }
        for (int i = full; i < width; i++) {
            long at = (long) i * Floats.BYTES;
            float sum = Floats.get(out + at);
            for (int t = 0; t < count; t++) {
                sum = Math.fma(Floats.get(values + t * step + at), Floats.get(p + (long) t * Floats.BYTES), sum);
            }
            Floats.put(out + at, sum);
        }
    }

    @Override
    public void close() {
        Scratch.closeAll(scores);
    }
}
