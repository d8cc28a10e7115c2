package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.cpu.Gemm.Size;

/**
 * Causal attention over packed sequences, some queries at a time: their scores against all keys that they may see, softmax, values. Memory
 * beyond the output is a packed copy of keys and values and, for each thread, {@link #QUERIES} rows of scores.
 */
final class AttentionForward implements AutoCloseable {
    /** Queries of a task. Few, because scores are computed up to the last query's own key for all of them. */
    static final int QUERIES = 4 * Gemm.TILE_ROWS;

    private final Workers workers;
    private final Scratch packed = new Scratch();
    private final Scratch[] scores;

    AttentionForward(Workers workers) {
        this.workers = workers;
        this.scores = Scratch.each(workers.count());
    }

    void run(Attention call) {
        Sequences sequences = call.sequences();
        Layout layout = new Layout(call, packed);
        workers.each(sequences.count() * call.kvHeads(), (task, worker) -> {
            int sequence = task / call.kvHeads();
            int kvHead = task % call.kvHeads();
            layout.keys(sequence, kvHead)
                    .pack(Heads.of(call.k_NKD(), sequences.start(sequence), kvHead)
                            .transposed());
            layout.values(sequence, kvHead).pack(Heads.of(call.v_NKD(), sequences.start(sequence), kvHead));
        });
        QueryBlocks blocks = new QueryBlocks(sequences);
        workers.each(blocks.count() * call.heads(), (task, worker) -> {
            int block = task / call.heads();
            queries(call, layout, blocks.at(block), task % call.heads(), worker);
        });
    }

    private void queries(Attention call, Layout layout, QueryBlocks.Block block, int head, int worker) {
        int width = call.headWidth();
        int kvHead = head / (call.heads() / call.kvHeads());
        int seen = block.first() + block.rows();
        long rowBytes = (long) seen * Floats.BYTES;
        Matrix p = Matrix.floats(scores[worker].reserve(block.rows() * rowBytes), seen);
        int row = call.sequences().start(block.sequence()) + block.first();

        Matrix q = Heads.of(call.q_NHD(), row, head);
        Gemm.multiply(q, layout.keys(block.sequence(), kvHead), p, new Size(block.rows(), width, seen), 0);
        for (int i = 0; i < block.rows(); i++) {
            long at = p.from(i, 0).address();
            int own = block.first() + i + 1;
            float lse = Softmax.row(at, at, own, call.scale());
            Floats.zero(at + (long) own * Floats.BYTES, (long) (seen - own) * Floats.BYTES);
            Floats.put(Floats.address(call.lse_NH()) + ((long) (row + i) * call.heads() + head) * Floats.BYTES, lse);
        }
        Matrix out = Heads.of(call.out_NHD(), row, head);
        Gemm.multiply(p, layout.values(block.sequence(), kvHead), out, new Size(block.rows(), seen, width), 0);
    }

    @Override
    public void close() {
        packed.close();
        for (Scratch each : scores) {
            each.close();
        }
    }

    /** Where the packed keys and values of each sequence and head lie. */
    private record Layout(Sequences sequences, int width, int kvHeads, long[] starts) {
        Layout(Attention call, Scratch scratch) {
            this(
                    call.sequences(),
                    call.headWidth(),
                    call.kvHeads(),
                    new long[call.sequences().count() + 1]);
            for (int s = 0; s < sequences.count(); s++) {
                starts[s + 1] = starts[s] + kvHeads * (keyBytes(s) + Panels.bytes(sequences.length(s), width));
            }
            long address = scratch.reserve(starts[sequences.count()]);
            for (int s = 0; s <= sequences.count(); s++) {
                starts[s] += address;
            }
        }

        private long keyBytes(int sequence) {
            return Panels.bytes(width, sequences.length(sequence));
        }

        /** Kᵀ, [D, T]. */
        Panels keys(int sequence, int kvHead) {
            return new Panels(starts[sequence] + kvHead * keyBytes(sequence), width, sequences.length(sequence));
        }

        /** V, [T, D]. */
        Panels values(int sequence, int kvHead) {
            int rows = sequences.length(sequence);
            long behindKeys = starts[sequence] + kvHeads * keyBytes(sequence);
            return new Panels(behindKeys + kvHead * Panels.bytes(rows, width), rows, width);
        }
    }
}
