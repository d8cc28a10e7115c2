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

    private final int n;
    private final BitFilter neighbours;
    private final BitFilter ends;
    private final BitFilter grams;

    /** @param n words of an n-gram, at least 2 */
    HeldOutGrams(List<Words> texts, int n) {
        this.n = n;
        int words = texts.stream().mapToInt(Words::size).sum();
        this.neighbours = new BitFilter(words, PAIR_BITS);
        this.ends = new BitFilter(words, PAIR_BITS);
        this.grams = new BitFilter(words, GRAM_BITS);
        for (Words text : texts) {
            for (int i = 0; i + 1 < text.size(); i++) {
                neighbours.put(pair(text.hash(i), text.hash(i + 1)));
            }
            for (int i = 0; i + n <= text.size(); i++) {
                ends.put(pair(text.hash(i), text.hash(i + n - 1)));
                grams.put(text.gram(i, n));
            }
        }
    }

    private static long pair(long first, long last) {
        return first * STEP + last;
    }

    /** The hashes of the n-grams that may stand in a held-out text; every one that does is among them. In their order. */
    long[] among(Words words) {
        int[] lasts = new int[words.size()];
        int count = besideKnown(words, lasts);
        count = withKnownEnds(words, lasts, count);
        long[] found = new long[count];
        int passed = 0;
        for (int i = 0; i < count; i++) {
            long gram = words.gram(lasts[i] - n + 1, n);
            found[passed] = gram;
            passed += grams.bit(gram);
        }
        return Arrays.copyOf(found, passed);
    }

    /**
     * Puts down which words end n of which all neighbours stand side by side in the texts; how many. Every word is written and most
     * are written over, for that is cheaper than a branch that goes either way.
     */
    private int besideKnown(Words words, int[] lasts) {
        long[] hashes = words.all();
        int tooFew = n - 2;
        int size = words.size();
        int run = 0; // pairs in a row that stand in the texts
        int count = 0;
        for (int last = 1; last < size; last++) {
            run = run + 1 & -neighbours.bit(pair(hashes[last - 1], hashes[last]));
            lasts[count] = last;
            count += tooFew - run >>> 31; // 1 from n - 1 pairs on
        }
        return count;
    }

    /** Keeps those words that end an n-gram of the texts which begins as it does here; how many. */
    private int withKnownEnds(Words words, int[] lasts, int count) {
        long[] hashes = words.all();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int last = lasts[i];
            lasts[kept] = last;
            kept += ends.bit(pair(hashes[last - n + 1], hashes[last]));
        }
        return kept;
    }
}
