package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Backward of {@link AttentionForward}. Probabilities are computed again from the scores and the saved log-sum-exp (Dao et al. 2022,
 * "FlashAttention", algorithm 4). A task has one query head of one sequence and goes through its queries in order; its share of dk and dv
 * gathers in memory of its own, and the shares of a group's heads are added in the order of the heads. So every sum has one order.
 */
final class AttentionBackward implements AutoCloseable {
    private final Workers workers;
    private final Scratch[] scratch;
    private final Scratch shares = new Scratch();

    AttentionBackward(Workers workers) {
        this.workers = workers;
        this.scratch = Scratch.each(workers.count());
    }

    void run(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        Sequences sequences = call.sequences();
        int width = call.headWidth();
        int heads = call.heads();
        long rows = dq_NHD.dim(0);
        long all = rows * heads * width * Floats.BYTES;
        Matrix dkShares = Matrix.floats(shares.reserve(2 * all), (long) heads * width);
        Matrix dvShares = Matrix.floats(dkShares.address() + all, (long) heads * width);
        workers.each(sequences.count() * heads, (task, worker) -> {
            int sequence = task / heads;
            int head = task % heads;
            int start = sequences.start(sequence);
            Matrix dk = dkShares.from(start, (long) head * width);
            Matrix dv = dvShares.from(start, (long) head * width);
            Pass pass = new Pass(call, sequence, head, scratch[worker], dk, dv);
            for (int first = 0; first < sequences.length(sequence); first += AttentionForward.QUERIES) {
                int count = Math.min(AttentionForward.QUERIES, sequences.length(sequence) - first);
                Matrix dq = Heads.of(dq_NHD, start + first, head);
                pass.queries(dq, Heads.of(dout_NHD, start + first, head), first, count);
            }
        });
        sumGroups(dk_NKD, dkShares, heads);
        sumGroups(dv_NKD, dvShares, heads);
    }

    /** Adds up the shares of the query heads that read one key/value head. */
    private void sumGroups(Tensor d_NKD, Matrix shares, int heads) {
        Numbers to = Numbers.of(d_NKD);
        int kvHeads = d_NKD.dim(1);
        int width = d_NKD.dim(2);
        int group = heads / kvHeads;
        workers.each(d_NKD.dim(0), (row, worker) -> {
            for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
                long first = ((long) row * kvHeads + kvHead) * width;
                long sum = to.target(first, Stage.buffer(0, width));
                Floats.zero(sum, (long) width * Floats.BYTES);
                for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
                    Elements.axpyBlock(sum, 1, shares.from(row, (long) head * width).address(), width);
                }
                to.done(first, width, sum);
            }
        });
    }

    @Override
    public void close() {
        shares.close();
        for (Scratch each : scratch) {
            each.close();
        }
    }

    /** One query head of one sequence. */
    private static final class Pass {
        private final Attention call;
        private final int head;
        private final int width;
        private final int start; // row of the sequence's first token
        private final Matrix dk;
        private final Matrix dv;
        private final Panels keysT; // [D, T], for the scores
        private final Panels valuesT; // [D, T], for dP
        private final Panels keys; // [T, D], for dq
        private final long p;
        private final long ds;
        private final long queryPanels;
        private final long doutPanels;

        Pass(Attention call, int sequence, int head, Scratch scratch, Matrix dk, Matrix dv) {
            this.call = call;
            this.head = head;
            this.width = call.headWidth();
            this.start = call.sequences().start(sequence);
            this.dk = dk;
            this.dv = dv;
            int length = call.sequences().length(sequence);
            long columns = Panels.bytes(width, length);
            long rows = Panels.bytes(length, width);
            long scores = (long) AttentionForward.QUERIES * length * Floats.BYTES;
            long block = Panels.bytes(AttentionForward.QUERIES, width);
            long address = scratch.reserve(2 * columns + rows + 2 * scores + 2 * block);
            this.keysT = new Panels(address, width, length);
            this.valuesT = new Panels(address + columns, width, length);
            this.keys = new Panels(address + 2 * columns, length, width);
            this.p = address + 2 * columns + rows;
            this.ds = p + scores;
            this.queryPanels = ds + scores;
            this.doutPanels = queryPanels + block;
            int kvHead = head / (call.heads() / call.kvHeads());
            Matrix k = Heads.of(call.k_NKD(), start, kvHead);
            keysT.pack(k.transposed());
            keys.pack(k);
            valuesT.pack(Heads.of(call.v_NKD(), start, kvHead).transposed());
            for (int t = 0; t < length; t++) {
                Floats.zero(dk.from(t, 0).address(), (long) width * Floats.BYTES);
                Floats.zero(dv.from(t, 0).address(), (long) width * Floats.BYTES);
            }
        }

        /** Forward of these rows: S = Q Kᵀ, P = exp(scale S - lse), O = P V. */
        void queries(Matrix dq, Matrix dout, int first, int rows) {
            int seen = first + rows;
            Matrix p = Matrix.floats(this.p, seen);
            Matrix ds = Matrix.floats(this.ds, seen);
            Matrix q = Heads.of(call.q_NHD(), start + first, head);
            Size scores = new Size(rows, width, seen);
            Gemm.multiply(q, keysT, p, scores, 0);
            Gemm.multiply(dout, valuesT, ds, scores, 0); // dP = dO Vᵀ
            for (int i = 0; i < rows; i++) {
                int own = first + i + 1;
                scoreGradient(p.from(i, 0).address(), ds.from(i, 0).address(), own, factors(dout, first + i, i));
                long hidden = (long) (seen - own) * Floats.BYTES;
                Floats.zero(p.from(i, own).address(), hidden);
                Floats.zero(ds.from(i, own).address(), hidden);
            }
            Gemm.multiply(ds, keys, dq, new Size(rows, seen, width), 0); // dQ = scale dS K
            Panels queries = new Panels(queryPanels, rows, width);
            queries.pack(q);
            Gemm.multiply(ds.transposed(), queries, dk, new Size(seen, rows, width), 1); // dK += scale dSᵀ Q
            Panels douts = new Panels(doutPanels, rows, width);
            douts.pack(dout);
            Gemm.multiply(p.transposed(), douts, dv, new Size(seen, rows, width), 1); // dV += Pᵀ dO
        }

        private RowFactors factors(Matrix dout, int row, int i) {
            Matrix out = Heads.of(call.out_NHD(), start + row, head);
            Numbers douts = new Numbers(dout.from(i, 0).address(), dout.half());
            Numbers outs = new Numbers(out.address(), out.half());
            float pull = Products.dot(
                    douts.read(0, width, Stage.buffer(0, width)), outs.read(0, width, Stage.buffer(1, width)), width);
            long lse = Floats.address(call.lse_NH()) + ((long) (start + row) * call.heads() + head) * Floats.BYTES;
            return new RowFactors(call.scale(), Floats.get(lse), pull);
        }

        /** @param pull the row's dot product of dO and O, which is the sum of P dP */
        private record RowFactors(float scale, float lse, float pull) {}

        /** Turns scores into {@code P = exp(scale S - lse)}, and dP into {@code scale P (dP - pull)}. */
        private static void scoreGradient(long p, long ds, int count, RowFactors row) {
            Softmax.exp(p, p, count, row.scale, row.lse);
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                long at = (long) i * Floats.BYTES;
                FloatVector gradient = Floats.load(ds + at).sub(row.pull).mul(Floats.load(p + at));
                Floats.store(ds + at, gradient.mul(row.scale));
            }
            for (int i = full; i < count; i++) {
                long at = (long) i * Floats.BYTES;
                Floats.put(ds + at, (Floats.get(ds + at) - row.pull) * Floats.get(p + at) * row.scale);
            }
        }
    }
}
