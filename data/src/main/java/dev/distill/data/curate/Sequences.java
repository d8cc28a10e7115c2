package dev.distill.data.curate;

import java.util.Arrays;

/** What two sequences of hashes have in common. */
final class Sequences {
    private Sequences() {}

    /**
     * Length of the longest common subsequence, 64 cells of the table at a time (Hyyrö, Bit-parallel LCS-length computation
     * revisited, 2004).
     */
    static int common(long[] a, long[] b) {
        return a.length <= b.length ? commonOf(a, b) : commonOf(b, a);
    }

    private static int commonOf(long[] shorter, long[] longer) {
        Matches matches = new Matches(shorter);
        long[] column = new long[matches.words];
        Arrays.fill(column, -1); // a zero is a row in which the length grows
        for (long hash : longer) {
            int mask = matches.find(hash);
            long carry = 0;
            for (int i = 0; mask >= 0 && i < column.length; i++) {
                long before = column[i];
                long matched = before & matches.masks[mask + i];
                long sum = before + matched;
                long carried = sum + carry;
                carry = Long.compareUnsigned(sum, before) < 0 || Long.compareUnsigned(carried, sum) < 0 ? 1 : 0;
                column[i] = carried | (before & ~matches.masks[mask + i]);
            }
        }
        int common = 0;
        for (int row = 0; row < shorter.length; row++) {
            common += (int) (~column[row >>> 6] >>> row) & 1;
        }
        return common;
    }

    /** Where each hash stands in a sequence, as bits. */
    private static final class Matches {
        private final int words;
        private final long[] keys;
        private final int[] groups;
        private final long[] masks;

        Matches(long[] sequence) {
            words = (sequence.length + 63) >>> 6;
            keys = new long[4 * Integer.highestOneBit(Math.max(2, sequence.length))];
            groups = new int[keys.length];
            masks = new long[sequence.length * words];
            int count = 0;
            for (int i = 0; i < sequence.length; i++) {
                int slot = slot(sequence[i]);
                if (groups[slot] == 0) {
                    keys[slot] = sequence[i];
                    groups[slot] = ++count;
                }
                masks[(groups[slot] - 1) * words + (i >>> 6)] |= 1L << i;
            }
        }

        /** Where the bits of this hash begin; negative for a hash that is not there. */
        int find(long hash) {
            return (groups[slot(hash)] - 1) * words;
        }

        private int slot(long hash) {
            int slot = (int) hash & (keys.length - 1);
            while (groups[slot] != 0 && keys[slot] != hash) {
                slot = (slot + 1) & (keys.length - 1);
            }
            return slot;
        }
    }

    /** How many are in both, in whatever order; one that stands twice in both counts twice. */
    static int shared(long[] a, long[] b) {
        long[] left = a.clone();
        long[] right = b.clone();
        Arrays.sort(left);
        Arrays.sort(right);
        int shared = 0;
        for (int i = 0, j = 0; i < left.length && j < right.length; ) {
            int compared = Long.compare(left[i], right[j]);
            shared += compared == 0 ? 1 : 0;
            i += compared <= 0 ? 1 : 0;
            j += compared >= 0 ? 1 : 0;
        }
        return shared;
    }
}
