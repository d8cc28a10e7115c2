package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * Backward of {@link AttentionForward}. Probabilities are computed again from the scores and the saved log-sum-exp (Dao et al. 2022,
 * "FlashAttention", algorithm 4). A task has one key/value head of one sequence and goes through its queries in order, so the sums that make up
 * dk and dv have one order.
 */
final class AttentionBackward implements AutoCloseable {
    private final Workers workers;
    private final Scratch[] scratch;

    AttentionBackward(Workers workers) {
        this.workers = workers;
        this.scratch = Scratch.each(workers.count());
    }

    void run(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        Sequences sequences = call.sequences();
        int kvHeads = call.kvHeads();
        workers.each(sequences.count() * kvHeads, (task, worker) -> {
            int sequence = task / kvHeads;
            int kvHead = task % kvHeads;
            int start = sequences.start(sequence);
            Matrix dk = Heads.of(dk_NKD, start, kvHead);
            Matrix dv = Heads.of(dv_NKD, start, kvHead);
            Pass pass = new Pass(call, sequence, kvHead, scratch[worker], dk, dv);
            int group = call.heads() / kvHeads;
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
                for (int first = 0; first < sequences.length(sequence); first += AttentionForward.QUERIES) {
                    int rows = Math.min(AttentionForward.QUERIES, sequences.length(sequence) - first);
                    Matrix dq = Heads.of(dq_NHD, start + first, head);
                    pass.queries(dq, Heads.of(dout_NHD, start + first, head), head, first, rows);
                }
            }
        });
    }

    @Override
    public void close() {
        for (Scratch each : scratch) {
            each.close();
        }
    }

    /** One key/value head of one sequence. */
    private static final class Pass {
        private final Attention call;
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

        Pass(Attention call, int sequence, int kvHead, Scratch scratch, Matrix dk, Matrix dv) {
            this.call = call;
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
        void queries(Matrix dq, Matrix dout, int head, int first, int rows) {
            int seen = first + rows;
            long rowBytes = (long) seen * Floats.BYTES;
            Matrix p = new Matrix(this.p, rowBytes, Floats.BYTES);
            Matrix ds = new Matrix(this.ds, rowBytes, Floats.BYTES);
            Matrix q = Heads.of(call.q_NHD(), start + first, head);
            Size scores = new Size(rows, width, seen);
            Gemm.multiply(q, keysT, p, scores, 0);
            Gemm.multiply(dout, valuesT, ds, scores, 0); // dP = dO Vᵀ
            Matrix out = Heads.of(call.out_NHD(), start + first, head);
            for (int i = 0; i < rows; i++) {
                float pull =
                        Products.dot(dout.from(i, 0).address(), out.from(i, 0).address(), width);
                long lse = Floats.address(call.lse_NH())
                        + ((start + first + i) * (long) call.heads() + head) * Floats.BYTES;
                int own = first + i + 1;
                scoreGradient(
                        p.from(i, 0).address(),
                        ds.from(i, 0).address(),
                        own,
                        new RowFactors(call.scale(), Floats.get(lse), pull));
                Floats.zero(p.from(i, own).address(), (long) (seen - own) * Floats.BYTES);
                Floats.zero(ds.from(i, own).address(), (long) (seen - own) * Floats.BYTES);
            }
            Gemm.multiply(ds, keys, dq, new Size(rows, seen, width), 0); // dQ = scale dS K
            Panels queries = new Panels(queryPanels, rows, width);
            queries.pack(q);
            Gemm.multiply(ds.transposed(), queries, dk, new Size(seen, rows, width), 1); // dK += scale dSᵀ Q
            Panels douts = new Panels(doutPanels, rows, width);
            douts.pack(dout);
            Gemm.multiply(p.transposed(), douts, dv, new Size(seen, rows, width), 1); // dV += Pᵀ dO
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
