package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;

/**
 * Backward of {@link AttentionForward}. Probabilities are computed again from the scores and the saved log-sum-exp (Dao et al. 2022,
 * "FlashAttention", algorithm 4). A task has one query head of one sequence (where there are many key/value heads: all query heads of one) and
 * goes through its queries in order; its share of dk and dv gathers in memory of its own, and shares are added in the order of the heads. So
 * every sum has one order, whatever the threads.
 */
final class AttentionBackward implements AutoCloseable {
    /** So many key/value heads are tasks enough; fewer are cut into their query heads. */
    private static final int MANY_HEADS = 8;

    private final Workers workers;
    private final Scratch staged = new Scratch();
    private final Scratch shares = new Scratch();
    private final Scratch[] scratch;

    AttentionBackward(Workers workers) {
        this.workers = workers;
        this.scratch = Scratch.each(workers.count());
    }

    /** @param which sequences of the call */
    void run(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call, int[] which) {
        if (which.length == 0) {
            return;
        }
        Sequences sequences = call.sequences();
        int group = call.heads() / call.kvHeads();
        int heads = call.kvHeads() >= MANY_HEADS ? group : 1; // of a task
        int tasks = call.heads() / heads;
        AttentionRows[] keysAndValues = AttentionRows.keysAndValues(call, which, workers, staged);
        AttentionRows[] gradients = AttentionRows.layouts(sequences, tasks, call.headWidth(), 2, shares);
        workers.each(which.length * tasks, (task, worker) -> {
            int sequence = which[task / tasks];
            int part = task % tasks;
            gradients[0].clear(sequence, part);
            gradients[1].clear(sequence, part);
            for (int head = part * heads; head < (part + 1) * heads; head++) {
                HeadBackward backward = new HeadBackward(call, sequence, head, scratch[worker]);
                backward.keysAndValues(
                        keysAndValues[0].at(sequence, head / group), keysAndValues[1].at(sequence, head / group));
                backward.gradients(gradients[0].at(sequence, part), gradients[1].at(sequence, part));
                backward.run(Numbers.of(dq_NHD), Numbers.of(dout_NHD));
            }
        });
        sum(dk_NKD, gradients[0], sequences, which, tasks);
        sum(dv_NKD, gradients[1], sequences, which, tasks);
    }

    /** Adds up the shares of each key/value head. */
    private void sum(Tensor d_NKD, AttentionRows shares, Sequences sequences, int[] which, int tasks) {
        Numbers to = Numbers.of(d_NKD);
        int kvHeads = d_NKD.dim(1);
        int width = d_NKD.dim(2);
        int parts = tasks / kvHeads;
        for (int sequence : which) {
            workers.each(sequences.length(sequence), (t, worker) -> {
                for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
                    long first = ((long) (sequences.start(sequence) + t) * kvHeads + kvHead) * width;
                    long sum = to.target(first, Stage.buffer(0, width));
                    Floats.zero(sum, (long) width * Floats.BYTES);
                    for (int part = kvHead * parts; part < (kvHead + 1) * parts; part++) {
                        Elements.axpyBlock(sum, 1, shares.at(sequence, part) + t * shares.rowBytes(), width);
                    }
                    to.done(first, width, sum);
                }
            });
        }
    }

    @Override
    public void close() {
        staged.close();
        shares.close();
        Scratch.closeAll(scratch);
    }

    /** One query head of one sequence. */
    private static final class HeadBackward {
        private static final int QUERIES = AttentionForward.QUERIES;
        private static final long VECTOR = (long) Floats.LANES * Floats.BYTES;

        private final Attention call;
        private final int head;
        private final int width;
        private final int start; // row of the sequence's first token
        private final int length;
        private final long rowBytes; // of keys, values, their gradients, and the rows below
        private final QueryPanel queries; // [D, QUERIES]
        private final QueryPanel douts;
        private final QueryPanel dqueries;
        private final long queryRows; // [QUERIES, D]
        private final long doutRows;
        private final long outRow;
        private final long p; // [T, QUERIES]
        private final long ds;
        private final long sums; // of a tile
        private final long lse; // of each query of the block
        private final long pull; // of each query: dO . O, which is the sum of P dP
        private long k;
        private long v;
        private long dk;
        private long dv;

        HeadBackward(Attention call, int sequence, int head, Scratch scratch) {
            this.call = call;
            this.head = head;
            this.width = call.headWidth();
            this.start = call.sequences().start(sequence);
            this.length = call.sequences().length(sequence);
            int padded = AttentionRows.paddedWidth(width);
            this.rowBytes = (long) padded * Floats.BYTES;
            long panel = QueryPanel.bytes(padded + Tile.ROWS);
            long rows = (QUERIES + 1) * rowBytes;
            long scores = (long) (length + Tile.ROWS) * Tile.ROW_BYTES;
            long tile = Tile.ROWS * Tile.ROW_BYTES;
            long address = scratch.reserve(3 * panel + 3 * rows + 2 * scores + 3 * tile);
            this.queries = new QueryPanel(address, width);
            this.douts = new QueryPanel(address + panel, width);
            this.dqueries = new QueryPanel(address + 2 * panel, width);
            this.queryRows = address + 3 * panel;
            this.doutRows = queryRows + rows;
            this.outRow = doutRows + rows;
            this.p = outRow + rows;
            this.ds = p + scores;
            this.sums = ds + scores;
            this.lse = sums + tile;
            this.pull = lse + tile;
            Floats.zero(queryRows, 3 * rows);
        }

        void keysAndValues(long k, long v) {
            this.k = k;
            this.v = v;
        }

        void gradients(long dk, long dv) {
            this.dk = dk;
            this.dv = dv;
        }

        void run(Numbers dq, Numbers dout) {
            for (int first = 0; first < length; first += QUERIES) {
                int rows = Math.min(QUERIES, length - first);
                load(dout, first, rows);
                scores(first + rows);
                scoreGradients(first, rows);
                keyGradients(first + rows, rows);
                queryGradients(first + rows);
                for (int i = 0; i < rows; i++) {
                    dqueries.get(i, 1, outRow);
                    dq.set(index(first + i), width, outRow);
                }
            }
        }

        /** Index of a query's first number. */
        private long index(int query) {
            return ((long) (start + query) * call.heads() + head) * width;
        }

        private void load(Numbers dout, int first, int rows) {
            Numbers q = Numbers.of(call.q_NHD());
            Numbers out = Numbers.of(call.out_NHD());
            queries.clear();
            douts.clear();
            for (int i = 0; i < rows; i++) {
                long queryRow = queryRows + i * rowBytes;
                long doutRow = doutRows + i * rowBytes;
                AttentionRows.copy(q, index(first + i), width, queryRow);
                AttentionRows.copy(dout, index(first + i), width, doutRow);
                queries.set(i, queryRow);
                douts.set(i, doutRow);
                long at = (long) i * Floats.BYTES;
                Floats.put(pull + at, Products.dot(doutRow, out.read(index(first + i), width, outRow), width));
                long from = ((long) (start + first + i) * call.heads() + head) * Floats.BYTES;
                Floats.put(lse + at, Floats.get(Floats.address(call.lse_NH()) + from));
            }
        }

        /** {@code S = K Qᵀ} and {@code dP = V dOᵀ}. */
        private void scores(int seen) {
            for (int key = 0; key < seen; key += Tile.ROWS) {
                long to = key * Tile.ROW_BYTES;
                long from = key * rowBytes;
                Tile.multiply(k + from, rowBytes, Floats.BYTES, queries.address(), Tile.ROW_BYTES, width, p + to);
                Tile.multiply(v + from, rowBytes, Floats.BYTES, douts.address(), Tile.ROW_BYTES, width, ds + to);
            }
        }

        /** {@code P = exp(scale S - lse)} and {@code dS = scale P (dP - pull)}. */
        private void scoreGradients(int first, int rows) {
            int seen = first + rows;
            ScoreRows probabilities = new ScoreRows(p, seen);
            probabilities.exp(call.scale(), lse);
            probabilities.from(first).hide(0);
            probabilities.gradient(ds, call.scale(), pull);
            new ScoreRows(p + seen * Tile.ROW_BYTES, Tile.ROWS).clear(); // the last tile's keys that nobody sees
            new ScoreRows(ds + seen * Tile.ROW_BYTES, Tile.ROWS).clear();
        }

        /** {@code dV += P dO} and {@code dK += dS Q}. */
        private void keyGradients(int seen, int rows) {
            for (int key = 0; key < seen; key += Tile.ROWS) {
                long from = key * Tile.ROW_BYTES;
                for (long col = 0; col < rowBytes; col += Tile.ROW_BYTES) {
                    Tile.multiply(p + from, Tile.ROW_BYTES, Floats.BYTES, doutRows + col, rowBytes, rows, sums);
                    addTile(dv + key * rowBytes + col);
                    Tile.multiply(ds + from, Tile.ROW_BYTES, Floats.BYTES, queryRows + col, rowBytes, rows, sums);
                    addTile(dk + key * rowBytes + col);
                }
            }
        }

        private void addTile(long to) {
            for (int row = 0; row < Tile.ROWS; row++) {
                long at = to + row * rowBytes;
                long from = sums + row * Tile.ROW_BYTES;
                Floats.store(at, Floats.load(at).add(Floats.load(from)));
                Floats.store(at + VECTOR, Floats.load(at + VECTOR).add(Floats.load(from + VECTOR)));
            }
        }

        /** {@code dQᵀ = Kᵀ dS}. */
        private void queryGradients(int seen) {
            for (int d = 0; d < width; d += Tile.ROWS) {
                Tile.multiply(
                        k + (long) d * Floats.BYTES,
                        Floats.BYTES,
                        rowBytes,
                        ds,
                        Tile.ROW_BYTES,
                        seen,
                        dqueries.address() + d * Tile.ROW_BYTES);
            }
        }
    }
}
