package dev.distill.data.curate;

import java.util.Arrays;

/** What two sequences of hashes have in common. */
final class Sequences {
    private Sequences() {}

    /** Length of the longest common subsequence. */
    static int common(long[] a, long[] b) {
        int[] row = new int[b.length + 1];
        for (long word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.length; j++) {
                int above = row[j];
                row[j] = word == b[j - 1] ? diagonal + 1 : Math.max(row[j - 1], above);
                diagonal = above;
            }
        }
        return row[b.length];
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
