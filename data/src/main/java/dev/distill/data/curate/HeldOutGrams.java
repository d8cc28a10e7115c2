package dev.distill.data.curate;

import java.util.Arrays;
import java.util.List;

/**
 * Which n-grams stand in the held-out texts of a curation, all sets together, as bits: few n-grams of other texts pass, and only
 * those are looked for in each set. Looked up for every word of every trace, so what is asked first stays in the processor's
 * cache: which words stand side by side, and which ones begin and end an n-gram. Built once, read by any number of threads.
 */
final class HeldOutGrams {
    /** Bits for each pair of words that is put down, pairs that stand often counted as often. */
    private static final int PAIR_BITS = 4;

    /** Bits for each n-gram; one is set. */
    private static final int GRAM_BITS = 16;

    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final long[] NONE = {};

    private final int n;
    private final long[] neighbours;
    private final long[] ends;
    private final long[] grams;

    /** How far the hash of a pair, and of an n-gram, is shifted to be the number of a bit. */
    private final int pairShift;

    private final int gramShift;

    /** @param n words of an n-gram, at least 2 */
    HeldOutGrams(List<Words> texts, int n) {
        this.n = n;
        int words = Math.max(1, texts.stream().mapToInt(Words::size).sum());
        this.neighbours = new long[room(words, PAIR_BITS)];
        this.ends = new long[neighbours.length];
        this.grams = new long[room(words, GRAM_BITS)];
        this.pairShift = shift(neighbours);
        this.gramShift = shift(grams);
        for (Words text : texts) {
            for (int i = 0; i + 1 < text.size(); i++) {
                put(neighbours, pair(text.hash(i), text.hash(i + 1)) >>> pairShift);
            }
            for (int i = 0; i + n <= text.size(); i++) {
                put(ends, pair(text.hash(i), text.hash(i + n - 1)) >>> pairShift);
                put(grams, text.gram(i, n) >>> gramShift);
            }
        }
    }

    private static int room(int words, int bits) {
        return Math.max(1, Integer.highestOneBit(words) * bits / Long.SIZE);
    }

    private static int shift(long[] bits) {
        return Long.numberOfLeadingZeros((long) bits.length * Long.SIZE - 1);
    }

    private static long pair(long first, long last) {
        return first * STEP + last;
    }

    private static void put(long[] bits, long at) {
        bits[(int) (at >>> 6)] |= 1L << at;
    }

    private static int bit(long[] bits, long at) {
        return (int) (bits[(int) (at >>> 6)] >>> at) & 1;
    }

    /** The hashes of the n-grams that may stand in a held-out text; every one that does is among them. In their order. */
    long[] among(Words words) {
        long[] found = NONE;
        int count = 0;
        long[] hashes = words.all();
        long[] side = neighbours; // locals, for this loop runs over every word of every trace
        int by = pairShift;
        int before = n - 1;
        int run = 0; // pairs in a row that stand in the texts
        for (int last = 1; last < words.size(); last++) {
            run = run + 1 & -bit(side, pair(hashes[last - 1], hashes[last]) >>> by);
            if (run >= before && bit(ends, pair(hashes[last - before], hashes[last]) >>> by) != 0) {
                long gram = words.gram(last - before, n);
                if (bit(grams, gram >>> gramShift) != 0) {
                    found = count == found.length ? Arrays.copyOf(found, 2 * count + 16) : found;
                    found[count++] = gram;
                }
            }
        }
        return Arrays.copyOf(found, count);
    }
}
