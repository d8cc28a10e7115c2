package dev.distill.data.curate;

import java.util.Arrays;

/**
 * From a hash to the numbers that were put under it, in their order. Most hashes that are asked for are not there, and a few
 * bits for each key, which stay in the processor's cache, tell most of these. Immutable, safe on any thread.
 *
 * <p>The keys must be mixed ({@link Words#mixed}): their highest bits choose the bit.
 */
final class HashGroups {
    /** Bits for each key, at least; four of them are set, all in one word. Of 1,000 keys that are not there a few pass. */
    private static final int BITS = 16;

    private final long[] bits;
    private final int bitShift;
    private final LongIntTable groups;
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
        this.groups = new LongIntTable(size);
        int[] groupOf = new int[size];
        for (int i = 0; i < size; i++) {
            int known = groups.get(builder.keys[i]);
            groupOf[i] = known == LongIntTable.NONE ? groups.size() : known;
            if (known == LongIntTable.NONE) {
                groups.put(builder.keys[i], groupOf[i]);
            }
        }
        int count = groups.size();
        this.from = new int[count + 1];
        for (int group : groupOf) {
            from[group + 1]++;
        }
        for (int i = 0; i < count; i++) {
            from[i + 1] += from[i];
        }
        int[] next = Arrays.copyOf(from, count);
        this.values = new int[size];
        for (int i = 0; i < size; i++) {
            values[next[groupOf[i]]++] = builder.values[i];
        }
        int bitCount = Integer.highestOneBit(Math.max(8, 2 * count - 1)) * BITS;
        this.bits = new long[bitCount / Long.SIZE];
        this.bitShift = Long.SIZE - Integer.numberOfTrailingZeros(bits.length);
        for (int i = 0; i < size; i++) {
            bits[(int) (builder.keys[i] >>> bitShift)] |= mask(builder.keys[i]);
        }
    }

    /** Which bits a key sets. */
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
        return mayHold(key) ? groups.get(key) : LongIntTable.NONE;
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
}
