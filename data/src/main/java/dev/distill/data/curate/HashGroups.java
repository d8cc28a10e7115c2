package dev.distill.data.curate;

import java.util.Arrays;

/**
 * From a hash to the numbers that were put under it, in their order: open addressing over primitive arrays, without a
 * box for each number. Most hashes that are asked for are not there, and a few bits for each key, which stay in the
 * processor's cache, tell most of these. Immutable, safe on any thread.
 *
 * <p>The keys must be mixed ({@link Words#mixed}): their lowest bits choose the place, their highest the bit.
 */
final class HashGroups {
    /** Bits for each key, at least; four of them are set, all in one word. Of 1,000 keys that are not there a few pass. */
    private static final int BITS = 16;

    private final long[] bits;
    private final int bitShift;
    private final long[] keys;
    private final int[] groups;
    private final int[] from;
    private final int[] values;

    /** Takes keys with their numbers; for one thread. */
    static final class Builder {
        private long[] keys = new long[64];
        private int[] values = new int[64];
        private int size;

        Builder add(long key, int value) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            keys[size] = key;
            values[size++] = value;
            return this;
        }

        HashGroups build() {
            return new HashGroups(this);
        }
    }

    private HashGroups(Builder builder) {
        int size = builder.size;
        int slots = Integer.highestOneBit(Math.max(8, size)) * 4;
        this.keys = new long[slots];
        this.groups = new int[slots];
        int[] groupOf = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            int slot = slot(builder.keys[i]);
            if (groups[slot] == 0) {
                keys[slot] = builder.keys[i];
                groups[slot] = ++count;
            }
            groupOf[i] = groups[slot];
        }
        this.from = new int[count + 1];
        for (int group : groupOf) {
            from[group]++;
        }
        for (int i = 0; i < count; i++) {
            from[i + 1] += from[i];
        }
        int[] next = Arrays.copyOf(from, count);
        this.values = new int[size];
        for (int i = 0; i < size; i++) {
            values[next[groupOf[i] - 1]++] = builder.values[i];
        }
        int bitCount = Integer.highestOneBit(Math.max(8, 2 * count - 1)) * BITS;
        this.bits = new long[bitCount / Long.SIZE];
        this.bitShift = Long.SIZE - Integer.numberOfTrailingZeros(bits.length);
        for (int slot = 0; slot < slots; slot++) {
            if (groups[slot] != 0) {
                bits[(int) (keys[slot] >>> bitShift)] |= mask(keys[slot]);
            }
        }
    }

    /** Which bits a key sets; the lowest ones of the key are left for its place in the table. */
    private static long mask(long key) {
        return 1L << (key >>> 18) | 1L << (key >>> 24) | 1L << (key >>> 30) | 1L << (key >>> 36);
    }

    /** How many groups there are. */
    int size() {
        return from.length - 1;
    }

    boolean isEmpty() {
        return values.length == 0;
    }

    /** The group of this key's numbers, for the methods below; -1 where nothing was put under it. */
    int find(long key) {
        return mayHold(key) ? groups[slot(key)] - 1 : -1;
    }

    /** False where nothing was put under this key; true where something was, and now and then where nothing was. */
    boolean mayHold(long key) {
        return (~bits[(int) (key >>> bitShift)] & mask(key)) == 0;
    }

    int from(int group) {
        return from[group];
    }

    int to(int group) {
        return from[group + 1];
    }

    int value(int place) {
        return values[place];
    }

    /** Where this key stands, or the free place where it would. */
    private int slot(long key) {
        int slot = (int) key & (keys.length - 1);
        while (groups[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }
}
