package dev.distill.data.curate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A text as the set of its word n-grams, for Jaccard similarity. Sets larger than a limit are kept as their smallest hash
 * values, a sample that is the same for equal sets (bottom-k sketch, Broder 1997), so that memory stays bounded; up to the
 * limit the set, and so the similarity, is exact.
 *
 * @param smallest the smallest hash values of the set, rising, each once
 * @param complete whether these are all of them
 */
public record Shingles(int[] smallest, boolean complete) implements Serializable {
    /** Shingles of these texts together. */
    static Shingles of(List<Reading> texts, int n, int limit) {
        int[] hashes = new int[0];
        for (Reading text : texts) {
            long[] grams = text.grams(n);
            int start = hashes.length;
            hashes = Arrays.copyOf(hashes, start + grams.length);
            for (int i = 0; i < grams.length; i++) {
                hashes[start + i] = (int) (grams[i] >>> 32);
            }
        }
        Arrays.sort(hashes);
        int distinct = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[distinct++] = hashes[i];
            }
        }
        return new Shingles(Arrays.copyOf(hashes, Math.min(limit, distinct)), distinct <= limit);
    }

    /** |A and B| / |A or B|; where a set is sampled, over the smallest values of the union. */
    public double jaccard(Shingles other) {
        int limit = complete && other.complete
                ? Integer.MAX_VALUE
                : complete
                        ? other.smallest.length
                        : other.complete ? smallest.length : Math.min(smallest.length, other.smallest.length);
        int i = 0;
        int j = 0;
        int union = 0;
        int both = 0;
        while (union < limit && (i < smallest.length || j < other.smallest.length)) {
            int compared = i == smallest.length
                    ? 1
                    : j == other.smallest.length ? -1 : Integer.compare(smallest[i], other.smallest[j]);
            both += compared == 0 ? 1 : 0;
            i += compared <= 0 ? 1 : 0;
            j += compared >= 0 ? 1 : 0;
            union++;
        }
        return union == 0 ? 1 : (double) both / union;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shingles s && Arrays.equals(smallest, s.smallest) && complete == s.complete;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(smallest);
    }

    @Override
    public String toString() {
        return smallest.length + (complete ? " shingles" : " smallest shingles");
    }
}
