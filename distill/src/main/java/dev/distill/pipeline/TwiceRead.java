package dev.distill.pipeline;

import java.util.Arrays;

/** Finds out whether the ids of traces that are read stand more than once; 8 bytes for each trace. */
final class TwiceRead {
    private long[] hashes = new long[1 << 10];
    private int size;

    /** Hears of a trace. */
    void add(String id) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        hashes[size++] = hash(id);
    }

    /** FNV-1a over 64 bits: of ten million ids, two share one with a probability of 3e-6. */
    private static long hash(String id) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    /** How many traces repeat an id that another one has. */
    long repeats() {
        long[] sorted = Arrays.copyOf(hashes, size);
        Arrays.sort(sorted);
        long repeats = 0;
        for (int i = 1; i < size; i++) {
            repeats += sorted[i] == sorted[i - 1] ? 1 : 0;
        }
        return repeats;
    }
}
