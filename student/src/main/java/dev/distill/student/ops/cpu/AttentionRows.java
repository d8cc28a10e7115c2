package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;

/**
 * Keys and values as the tiles of attention read them: for each sequence and key/value head, rows of FLOAT of a width that is a multiple of a
 * tile's, filled up with zeros, and behind the last row six rows of zeros. So a tile never meets an edge.
 */
final class AttentionRows {
    private final Sequences sequences;
    private final int heads;
    private final int padded;
    private final long[] starts; // address of each sequence's first head

    private AttentionRows(Sequences sequences, int heads, int padded, long[] starts) {
        this.sequences = sequences;
        this.heads = heads;
        this.padded = padded;
        this.starts = starts;
    }

    /** The keys, then the values of some sequences of a call, copied into {@code scratch}; the two have the same layout. */
    static AttentionRows[] keysAndValues(Attention call, int[] which, Workers workers, Scratch scratch) {
        AttentionRows[] both = layouts(call.sequences(), call.kvHeads(), call.headWidth(), 2, scratch);
        both[0].fill(call.k_NKD(), which, workers);
        both[1].fill(call.v_NKD(), which, workers);
        return both;
    }

    /**
     * Room for rows of {@code heads} heads, {@code count} times.
     *
     * @param width of a head
     */
    static AttentionRows[] layouts(Sequences sequences, int heads, int width, int count, Scratch scratch) {
        int padded = paddedWidth(width);
        long[] offsets = new long[sequences.count() + 1];
        for (int s = 0; s < sequences.count(); s++) {
            offsets[s + 1] = offsets[s] + heads * headBytes(sequences.length(s), padded);
        }
        long all = offsets[sequences.count()];
        long address = scratch.reserve(count * all);
        AttentionRows[] result = new AttentionRows[count];
        for (int i = 0; i < count; i++) {
            long[] starts = new long[sequences.count()];
            for (int s = 0; s < starts.length; s++) {
                starts[s] = address + i * all + offsets[s];
            }
            result[i] = new AttentionRows(sequences, heads, padded, starts);
        }
        return result;
    }

    /** The width of a head, rounded up to a tile's. */
    static int paddedWidth(int width) {
        return Math.ceilDiv(width, Tile.COLS) * Tile.COLS;
    }

    private static long headBytes(int length, int padded) {
        return (long) (length + Tile.ROWS) * padded * Floats.BYTES;
    }

    /** Address of the first row of a head. */
    long at(int sequence, int head) {
        return starts[sequence] + head * headBytes(sequences.length(sequence), padded);
    }

    /** Bytes from a row to the next. */
    long rowBytes() {
        return (long) padded * Floats.BYTES;
    }

    /** Sets all rows of a head to zero. */
    void clear(int sequence, int head) {
        Floats.zero(at(sequence, head), headBytes(sequences.length(sequence), padded));
    }

    private void fill(Tensor x_NKD, int[] which, Workers workers) {
        Numbers x = Numbers.of(x_NKD);
        int width = x_NKD.dim(2);
        workers.each(which.length * heads, (task, worker) -> {
            int sequence = which[task / heads];
            int head = task % heads;
            clear(sequence, head);
            long to = at(sequence, head);
            for (int t = 0; t < sequences.length(sequence); t++) {
                long first = ((long) (sequences.start(sequence) + t) * heads + head) * width;
                copy(x, first, width, to + t * rowBytes());
            }
        });
    }

    /** Numbers from {@code first} on, as floats. */
    static void copy(Numbers x, long first, int width, long to) {
        long from = x.read(first, width, to);
        if (from != to) {
            Floats.copy(to, from, (long) width * Floats.BYTES);
        }
    }
}
