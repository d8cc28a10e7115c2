package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Causal attention over packed sequences, a block of queries at a time: their scores against all keys that they may see, softmax, values. Memory
 * beyond the output is a copy of keys and values and, for each thread, {@link #QUERIES} columns of scores.
 */
final class AttentionForward implements AutoCloseable {
    /** Queries of a task. Few, because scores are computed up to the last query's own key for all of them. */
    static final int QUERIES = Tile.COLS;

    private static final int LANES = Floats.LANES;
    private static final long VECTOR = (long) LANES * Floats.BYTES;

    private final Workers workers;
    private final Scratch staged = new Scratch();
    private final Scratch[] scratch;

    AttentionForward(Workers workers) {
        this.workers = workers;
        this.scratch = Scratch.each(workers.count());
    }

    void run(Attention call) {
        AttentionRows[] keysAndValues = AttentionRows.keysAndValues(call, workers, staged);
        QueryBlocks blocks = new QueryBlocks(call.sequences());
        workers.each(blocks.count() * call.heads(), (task, worker) -> {
            QueryBlocks.Block block = blocks.at(task / call.heads());
            new Queries(call, block, task % call.heads(), scratch[worker]).run(keysAndValues[0], keysAndValues[1]);
        });
    }

    @Override
    public void close() {
        staged.close();
        for (Scratch each : scratch) {
            each.close();
        }
    }

    /** One block of one head. */
    private static final class Queries {
        private final Attention call;
        private final QueryBlocks.Block block;
        private final int head;
        private final int width;
        private final int row; // of the first query, over all sequences
        private final int seen; // keys that the last query sees
        private final QueryPanel queries;
        private final QueryPanel outputs;
        private final long p; // [seen, QUERIES]
        private final long sums; // of each query's exponentials
        private final long buffer; // one row

        Queries(Attention call, QueryBlocks.Block block, int head, Scratch scratch) {
            this.call = call;
            this.block = block;
            this.head = head;
            this.width = call.headWidth();
            this.row = call.sequences().start(block.sequence()) + block.first();
            this.seen = block.first() + block.rows();
            long panel = QueryPanel.bytes(AttentionRows.paddedWidth(width) + Tile.ROWS);
            long scores = (long) (seen + Tile.ROWS) * Tile.ROW_BYTES;
            long address = scratch.reserve(3 * panel + scores + 2 * Tile.ROW_BYTES);
            this.queries = new QueryPanel(address, width);
            this.outputs = new QueryPanel(address + panel, width);
            this.buffer = address + 2 * panel;
            this.p = address + 3 * panel;
            this.sums = p + scores;
        }

        void run(AttentionRows keys, AttentionRows values) {
            Numbers q = Numbers.of(call.q_NHD());
            queries.clear();
            for (int i = 0; i < block.rows(); i++) {
                queries.set(i, q.read(first(i), width, buffer));
            }
            int kvHead = head / (call.heads() / call.kvHeads());
            long k = keys.at(block.sequence(), kvHead);
            for (int key = 0; key < seen; key += Tile.ROWS) { // S = K Qᵀ
                Tile.multiply(
                        k + key * keys.rowBytes(),
                        keys.rowBytes(),
                        Floats.BYTES,
                        queries.address(),
                        Tile.ROW_BYTES,
                        width,
                        p + key * Tile.ROW_BYTES);
            }
            softmax(0);
            softmax(VECTOR);
            long v = values.at(block.sequence(), kvHead);
            for (int d = 0; d < width; d += Tile.ROWS) { // Oᵀ = Vᵀ P
                Tile.multiply(
                        v + (long) d * Floats.BYTES,
                        Floats.BYTES,
                        values.rowBytes(),
                        p,
                        Tile.ROW_BYTES,
                        seen,
                        outputs.address() + d * Tile.ROW_BYTES);
            }
            Numbers out = Numbers.of(call.out_NHD());
            for (int i = 0; i < block.rows(); i++) {
                outputs.get(i, 1 / Floats.get(sums + (long) i * Floats.BYTES), buffer);
                out.set(first(i), width, buffer);
            }
        }

        /** Index of a query's first number. */
        private long first(int query) {
            return ((long) (row + query) * call.heads() + head) * width;
        }

        /** Turns the scores of the queries in one vector into exponentials, which {@code sums} adds up; and their log-sum-exp. */
        private void softmax(long vector) {
            int diagonal = block.first() + 1; // from this key on some queries do not see it
            int offset = (int) (vector / Floats.BYTES);
            FloatVector max = Floats.broadcast(Float.NEGATIVE_INFINITY);
            for (int key = 0; key < diagonal; key++) {
                max = max.max(Floats.load(p + key * Tile.ROW_BYTES + vector));
            }
            for (int key = diagonal; key < seen; key++) {
                FloatVector s = Floats.load(p + key * Tile.ROW_BYTES + vector);
                max = max.max(s.blend(Float.NEGATIVE_INFINITY, hidden(key, offset)));
            }
            FloatVector scale = Floats.broadcast(call.scale());
            FloatVector shift = max.mul(scale).neg();
            FloatVector sum = Floats.broadcast(0);
            for (int key = 0; key < diagonal; key++) {
                long at = p + key * Tile.ROW_BYTES + vector;
                FloatVector e = Exp.exp(Floats.load(at).fma(scale, shift));
                Floats.store(at, e);
                sum = sum.add(e);
            }
            for (int key = diagonal; key < seen; key++) {
                long at = p + key * Tile.ROW_BYTES + vector;
                FloatVector e = Exp.exp(Floats.load(at).fma(scale, shift)).blend(0f, hidden(key, offset));
                Floats.store(at, e);
                sum = sum.add(e);
            }
            Floats.store(sums + vector, sum);
            Floats.store(buffer, shift);
            for (int i = 0; i < Math.min(LANES, block.rows() - offset); i++) {
                float total = Floats.get(sums + vector + (long) i * Floats.BYTES);
                float lse = (float) StrictMath.log(total) - Floats.get(buffer + (long) i * Floats.BYTES);
                long at = ((long) (row + offset + i) * call.heads() + head) * Floats.BYTES;
                Floats.put(Floats.address(call.lse_NH()) + at, lse);
            }
        }

        /** The queries, from {@code offset} on, that come before this key. */
        private VectorMask<Float> hidden(int key, int offset) {
            return Floats.first(key - block.first() - offset);
        }
    }
}
