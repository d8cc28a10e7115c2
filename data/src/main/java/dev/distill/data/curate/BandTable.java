package dev.distill.data.curate;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * From a band's key to the traces that have it: open addressing over primitive arrays, about 30 bytes an entry, since
 * boxed maps would need a hundred.
 */
final class BandTable {
    private static final int NONE = -1;

    private long[] keys = new long[1 << 12];
    private int[] heads = filled(1 << 12);
    private int used;
    private int[] traces = new int[1 << 12];
    private int[] next = new int[1 << 12];
    private int entries;

    /** Remembers a text under each of its bands, and only for texts with the same numbers. */
    void add(Facts.Fingerprint fingerprint, int trace) {
        for (long key : fingerprint.keys()) {
            if (used * 2 > keys.length) {
                grow();
            }
            int slot = slot(keys, heads, key);
            used += heads[slot] == NONE ? 1 : 0;
            keys[slot] = key;
            if (entries == traces.length) {
                traces = Arrays.copyOf(traces, entries * 2);
                next = Arrays.copyOf(next, entries * 2);
            }
            traces[entries] = trace;
            next[entries] = heads[slot];
            heads[slot] = entries++;
        }
    }

    /** The texts that share a band and the numbers with this one, each once, rising. */
    Iterable<Integer> candidates(Facts.Fingerprint fingerprint) {
        TreeSet<Integer> candidates = new TreeSet<>();
        for (long key : fingerprint.keys()) {
            for (int entry = heads[slot(keys, heads, key)]; entry != NONE; entry = next[entry]) {
                candidates.add(traces[entry]);
            }
        }
        return candidates;
    }

    private void grow() {
        long[] moreKeys = new long[keys.length * 2];
        int[] moreHeads = filled(keys.length * 2);
        for (int i = 0; i < keys.length; i++) {
            if (heads[i] != NONE) {
                int slot = slot(moreKeys, moreHeads, keys[i]);
                moreKeys[slot] = keys[i];
                moreHeads[slot] = heads[i];
            }
        }
        keys = moreKeys;
        heads = moreHeads;
    }

    /** Where this key stands, or the free place where it would. */
    private static int slot(long[] keys, int[] heads, long key) {
        int slot = (int) (key >>> 20) & (keys.length - 1);
        while (heads[slot] != NONE && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private static int[] filled(int length) {
        int[] array = new int[length];
        Arrays.fill(array, NONE);
        return array;
    }
}
