package dev.distill.data.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where each record of a store begins, and its tokens: 12 bytes a sample, the only thing of it that is kept in memory. */
final class SampleIndex {
    private static final int FIRST = 1024;

    private long[] offsets = new long[FIRST];
    private int[] lengths = new int[FIRST];
    private int size;
    private long tokens;

    /** @param record as {@link StoredSample#encode} makes it, at this place of the file */
    void add(long offset, ByteBuffer record) {
        if (size == offsets.length) {
            int more = Math.multiplyExact(size, 2);
            offsets = Arrays.copyOf(offsets, more);
            lengths = Arrays.copyOf(lengths, more);
        }
        offsets[size] = offset;
        lengths[size] = record.getInt(Integer.BYTES);
        tokens += lengths[size];
        size++;
    }

    int size() {
        return size;
    }

    long offset(int index) {
        return offsets[index];
    }

    int length(int index) {
        return lengths[index];
    }

    /** Of all samples. */
    long tokens() {
        return tokens;
    }
}
