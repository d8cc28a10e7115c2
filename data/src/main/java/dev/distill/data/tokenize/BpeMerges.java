package dev.distill.data.tokenize;

import java.util.Arrays;

/** What a BPE has learnt: which two neighbours become which token, and in which order. A hash table without objects. */
final class BpeMerges {
    /** Of two tokens that never become one. Greater than every merge. */
    static final long NONE = Long.MAX_VALUE;

    private static final long EMPTY = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** A pair, (left id &lt;&lt; 32) | right id, and its merge beside it. */
    private final long[] table;

    private final int shift;
    private int size;

    /** @param count of the merges that will be put at most */
    BpeMerges(int count) {
        int bits = 64 - Long.numberOfLeadingZeros(2L * Math.max(count, 8));
        this.shift = 64 - bits;
        this.table = new long[2 << bits];
        Arrays.fill(table, EMPTY);
    }

    /** Adds the next merge. Of the same pair the last one counts. */
    void add(int left, int right, int joint) {
        long pair = pair(left, right);
        int at = find(pair);
        table[at] = pair;
        table[at + 1] = (long) size++ << 32 | joint;
    }

    /** The merge of these two: (rank &lt;&lt; 32) | id of the joint token, so that the lesser comes first; or {@link #NONE}. */
    long of(int left, int right) {
        int at = find(pair(left, right));
        return table[at] == EMPTY ? NONE : table[at + 1];
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    private int find(long pair) {
        int mask = table.length - 1;
        int at = (int) (pair * GOLDEN >>> shift) << 1;
        while (table[at] != pair && table[at] != EMPTY) {
            at = (at + 2) & mask;
        }
        return at;
    }
}
