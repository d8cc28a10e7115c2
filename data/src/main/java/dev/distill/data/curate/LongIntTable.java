package dev.distill.data.curate;

/**
 * From hashes to numbers from 0 on: open addressing with linear probing over arrays of primitives, at most half full, since a map of
 * objects would take a hundred bytes an entry. For one thread while it is written.
 */
final class LongIntTable {
    /** What stands for a key that is not there. */
    static final int NONE = -1;

    /** 2^64 / the golden ratio: scatters keys of which only some bits differ (Knuth's multiplicative hashing). */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long[] keys;

    /** One more than the number; 0 where nothing stands. */
    private int[] values;

    private int shift;
    private int size;

    /** @param expected how many keys there will be; it grows where there are more */
    LongIntTable(int expected) {
        int bits = Math.clamp(33 - Integer.numberOfLeadingZeros(Math.max(1, expected)), 4, 30);
        this.keys = new long[1 << bits];
        this.values = new int[1 << bits];
        this.shift = Long.SIZE - bits;
    }

    /** Keys that are there. */
    int size() {
        return size;
    }

    /** The number of this key; {@link #NONE} where there is none. */
    int get(long key) {
        return values[slot(key)] - 1;
    }

    /** Gives a key this number; what it had before, {@link #NONE} for nothing. */
    int put(long key, int value) {
        int slot = slotToWrite(key);
        int before = values[slot] - 1;
        values[slot] = value + 1;
        return before;
    }

    /** Counts a key once more: how often it has come before, which is {@link #get} + 1. */
    int count(long key) {
        return values[slotToWrite(key)]++;
    }

    private int slotToWrite(long key) {
        if (2 * size >= keys.length) {
            grow();
        }
        int slot = slot(key);
        size += values[slot] == 0 ? 1 : 0;
        keys[slot] = key;
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new int[keys.length];
        shift--;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    /** Where this key stands, or the free place where it would. */
    private int slot(long key) {
        int slot = (int) ((key * STEP) >>> shift);
        while (values[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 == keys.length ? 0 : slot + 1;
        }
        return slot;
    }
}
