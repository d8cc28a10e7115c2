package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;

/**
 * Causal attention over packed sequences, a block of queries at a time: their scores against all keys that they may see, softmax, values. Memory
 * beyond the output is a copy of keys and values and, for each thread, {@link #QUERIES} columns of scores.
 */
final class AttentionForward implements AutoCloseable {
    /** Queries of a task. Few, because scores are computed up to the last query's own key for all of them. */
    static final int QUERIES = Tile.COLS;

    private final Workers workers;
    private final Scratch staged = new Scratch();
    private final Scratch[] scratch;

    AttentionForward(Workers workers) {
        this.workers = workers;
        this.scratch = Scratch.each(workers.count());
    }

    /** @param which sequences of the call */
    void run(Attention call, int[] which) {
        if (which.length == 0) {
            return;
        }
        AttentionRows[] keysAndValues = AttentionRows.keysAndValues(call, which, workers, staged);
        QueryBlocks blocks = new QueryBlocks(call.sequences(), which);
        workers.each(blocks.count() * call.heads(), (task, worker) -> {
            QueryBlocks.Block block = blocks.at(task / call.heads());
            new Queries(call, block, task % call.heads(), scratch[worker]).run(keysAndValues[0], keysAndValues[1]);
        });
    }

    @Override
    public void close() {
        staged.close();
        Scratch.closeAll(scratch);
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
        private final long shifts; // each query's largest score, scaled
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
            this.shifts = sums + Tile.ROW_BYTES;
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
            softmax();
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

        /** Turns the scores into exponentials, which {@code sums} adds up; and gives each query's log-sum-exp. */
        private void softmax() {
            ScoreRows scores = new ScoreRows(p, seen);
            ScoreRows diagonal = scores.from(block.first()); // keys that some queries do not see
            diagonal.hide(Float.NEGATIVE_INFINITY);
            scores.max(shifts);
            for (int i = 0; i < QUERIES; i++) {
                long at = shifts + (long) i * Floats.BYTES;
                Floats.put(at, Floats.get(at) * call.scale());
            }
            scores.exp(call.scale(), shifts);
            diagonal.hide(0);
            scores.sum(sums);
            for (int i = 0; i < block.rows(); i++) {
                long at = (long) i * Floats.BYTES;
                float lse = (float) StrictMath.log(Floats.get(sums + at)) + Floats.get(shifts + at);
                long to = ((long) (row + i) * call.heads() + head) * Floats.BYTES;
                Floats.put(Floats.address(call.lse_NH()) + to, lse);
            }
        }
    }
}
