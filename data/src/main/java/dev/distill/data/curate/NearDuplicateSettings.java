package dev.distill.data.curate;

import java.io.Serializable;

/**
 * How alike is too much alike.
 *
 * @param words words of a shingle, 1 to 32; a changed word breaks so many of them, which in a text of 40 words is a lot:
 *     with 5, as FineWeb has it, two changed words take a copy of such a text to 0.57, with 2 to 0.81
 * @param permutations hash functions of a signature, 16 to 1,024
 * @param threshold Jaccard similarity from which the later trace is dropped, 0.3 to 1
 * @param maxShingles most shingles kept of one trace, 128 to 1,000,000, 4 bytes each; beyond them the similarity is
 *     estimated from a sample of this size (standard error at most 0.8 % for the default)
 */
public record NearDuplicateSettings(int words, int permutations, double threshold, int maxShingles)
        implements Serializable {
    public static final NearDuplicateSettings STANDARD = new NearDuplicateSettings(2, 128, 0.85, 4_096);

    public NearDuplicateSettings {
        if (words < 1 || words > 32 || permutations < 16 || permutations > 1_024) {
            throw new IllegalArgumentException("curate.near_duplicates: words must be 1 to 32, permutations 16 to 1024;"
                    + " got " + words + ", " + permutations);
        }
        if (!(threshold >= 0.3 && threshold <= 1) || maxShingles < 128 || maxShingles > 1_000_000) {
            throw new IllegalArgumentException("curate.near_duplicates: threshold must be 0.3 to 1, max_shingles 128"
                    + " to 1000000; got " + threshold + ", " + maxShingles);
        }
    }

    /**
     * Signature values of a band: the most for which a pair exactly at the threshold still becomes a candidate with
     * probability 0.995 = 1 - (1 - s^rows)^bands.
     */
    int rows() {
        int rows = 1;
        while (rows < 16 && missed(rows + 1) <= 0.005) {
            rows++;
        }
        return rows;
    }

    private double missed(int rows) {
        return Math.pow(1 - Math.pow(threshold, rows), permutations / rows);
    }
}
