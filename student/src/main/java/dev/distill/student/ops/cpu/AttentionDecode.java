package dev.distill.student.ops.cpu;

import dev.distill.student.ops.CacheStep;
import dev.distill.student.tensor.Tensor;

/** Attention of one new token for each row against its cache. A task has one query head of one row. */
final class AttentionDecode implements AutoCloseable {
    private final Workers workers;
    private final Scratch[] scores;

    AttentionDecode(Workers workers) {
        this.workers = workers;
        this.scores = Scratch.each(workers.count());
    }

    void append(Tensor cache_SPKD, Tensor x_BKD, CacheStep step) {
        int width = x_BKD.dim(1) * x_BKD.dim(2);
        Numbers cache = Numbers.of(cache_SPKD);
        Numbers x = Numbers.of(x_BKD);
        for (int b = 0; b < step.rows(); b++) {
            long position = (long) step.slot(b) * cache_SPKD.dim(1) + step.length(b) - 1;
            cache.set(position * width, width, x.read((long) b * width, width, Stage.buffer(0, width)));
        }
    }

    void run(Tensor out_BHD, Tensor q_BHD, Tensor k_SPKD, Tensor v_SPKD, CacheStep step, float scale) {
        int heads = q_BHD.dim(1);
        int group = heads / k_SPKD.dim(2);
        int width = q_BHD.dim(2);
        Numbers queries = Numbers.of(q_BHD);
        Numbers outs = Numbers.of(out_BHD);
        workers.each(step.rows() * heads, (task, worker) -> {
            int row = task / heads;
            int head = task % heads;
            int length = step.length(row);
            long p = scores[worker].reserve((long) length * Floats.BYTES);
            long first = ((long) row * heads + head) * width;
            long query = queries.read(first, width, Stage.buffer(0, width));
            Matrix keys = cached(k_SPKD, step.slot(row), head / group);
            for (int t = 0; t < length; t++) {
                Floats.put(
                        p + (long) t * Floats.BYTES,
                        Products.dot(query, keys.from(t, 0).address(), width));
            }
            Softmax.row(p, p, length, scale);
            long out = outs.target(first, Stage.buffer(1, width));
            Matrix values = cached(v_SPKD, step.slot(row), head / group);
            Floats.zero(out, (long) width * Floats.BYTES);
            for (int t = 0; t < length; t++) {
                Elements.axpyBlock(
                        out,
                        Floats.get(p + (long) t * Floats.BYTES),
                        values.from(t, 0).address(),
                        width);
            }
            outs.done(first, width, out);
        });
    }

    /** One head of a slot, [P, D]. */
    private static Matrix cached(Tensor cache_SPKD, int slot, int head) {
        int width = cache_SPKD.dim(3);
        long rowBytes = (long) cache_SPKD.dim(2) * width * Floats.BYTES;
        long slotBytes = cache_SPKD.dim(1) * rowBytes;
        long address = Floats.address(cache_SPKD) + slot * slotBytes + (long) head * width * Floats.BYTES;
        return new Matrix(address, rowBytes, Floats.BYTES, false);
    }

    @Override
    public void close() {
        for (Scratch each : scores) {
            each.close();
        }
    }
}
