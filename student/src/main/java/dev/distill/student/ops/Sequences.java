package dev.distill.student.ops;

import java.util.Arrays;

/**
 * Where the sequences lie that are packed one after the other into N rows: sequence s has the rows {@code starts[s]} (inclusive) to
 * {@code starts[s + 1]} (exclusive). No operation looks across such a border.
 *
 * @param starts S + 1 ascending row numbers; the first is 0, the last is N; every sequence has at least one row
 */
public record Sequences(int[] starts) {
    public Sequences {
        starts = starts.clone();
        if (starts.length < 2 || starts[0] != 0) {
            throw new IllegalArgumentException(
                    "sequences: starts must begin with 0 and end with the number of rows, got "
                            + Arrays.toString(starts));
        }
        for (int s = 1; s < starts.length; s++) {
            if (starts[s] <= starts[s - 1]) {
                throw new IllegalArgumentException("sequences: every sequence needs at least one row, but sequence "
                        + (s - 1) + " goes from " + starts[s - 1] + " to " + starts[s]);
            }
        }
    }

    /** Sequences of these lengths, in this order. */
    public static Sequences ofLengths(int... lengths) {
        int[] starts = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            starts[s + 1] = Math.addExact(starts[s], lengths[s]);
        }
        return new Sequences(starts);
    }

    @Override
    public int[] starts() {
        return starts.clone();
    }

    /** S, the number of sequences. */
    public int count() {
        return starts.length - 1;
    }

    /** N, the number of rows of all sequences together. */
    public int rows() {
        return starts[starts.length - 1];
    }

    /** First row of a sequence. */
    public int start(int sequence) {
        return starts[sequence];
    }

    /** The row after the last of a sequence. */
    public int end(int sequence) {
        return starts[sequence + 1];
    }

    /** Rows of a sequence. */
    public int length(int sequence) {
        return starts[sequence + 1] - starts[sequence];
    }

    /** For each row its place in its own sequence, from 0: what rotary embeddings turn by. */
    public int[] positions() {
        int[] positions = new int[rows()];
        for (int s = 0; s < count(); s++) {
            for (int n = starts[s]; n < starts[s + 1]; n++) {
                positions[n] = n - starts[s];
            }
        }
        return positions;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequences sequences && Arrays.equals(starts, sequences.starts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(starts);
    }

    @Override
    public String toString() {
        return "Sequences" + Arrays.toString(starts);
    }
}
