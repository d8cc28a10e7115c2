package dev.distill.data.curate;

import java.io.Serializable;

/**
 * How alike is too much alike.
 *
 * @param words words of a shingle, 1 to 32; a changed word breaks so many of them, which in a text of 40 words is a lot:
 *     with 5, as FineWeb has it, two changed words take a copy of such a text to 0.57, with 2 to 0.81
 * @param permutations hash functions of a signature, 16 to 1,024
 * @param bandRows values of a signature that make a band, 1 to 64, two bands or more; 0 for the most with which a pair exactly
 *     at the threshold still shares a band with probability 0.995 = 1 - (1 - s^rows)^bands
 * @param threshold Jaccard similarity from which the later trace is dropped, 0.3 to 1
 * @param maxShingles most shingles kept of one trace, 128 to 1,000,000, 4 bytes each; beyond them the similarity is
 *     estimated from a sample of this size (standard error at most 0.8 % for the default)
 */
public record NearDuplicateSettings(int words, int permutations, int bandRows, double threshold, int maxShingles)
        implements Serializable {
    public static final NearDuplicateSettings STANDARD = new NearDuplicateSettings(2, 128, 0.85, 4_096);

    public NearDuplicateSettings {
        if (words < 1 || words > 32 || permutations < 16 || permutations > 1_024) {
            throw new IllegalArgumentException("curate.near_duplicates: words must be 1 to 32, permutations 16 to 1024;"
                    + " got " + words + ", " + permutations);
        }
        if (bandRows < 0 || bandRows > 64 || 2 * bandRows > permutations) {
            throw new IllegalArgumentException(
                    "curate.near_duplicates: the rows of a band must be 1 to 64 and at most half of"
                            + " the permutations, or 0 to be chosen by the threshold; got " + bandRows + " of "
                            + permutations);
        }
        if (!(threshold >= 0.3 && threshold <= 1) || maxShingles < 128 || maxShingles > 1_000_000) {
            throw new IllegalArgumentException("curate.near_duplicates: threshold must be 0.3 to 1, max_shingles 128"
                    + " to 1000000; got " + threshold + ", " + maxShingles);
        }
    }

    /** With as many rows to a band as the threshold allows. */
    public NearDuplicateSettings(int words, int permutations, double threshold, int maxShingles) {
        this(words, permutations, 0, threshold, maxShingles);
    }

    /**
     * These bands and rows, as they are given for other programs: FineWeb's are 14 bands of 8 rows over 5 words.
     *
     * @param threshold similarity from which a candidate is a duplicate: candidates alone are not dropped here
     */
    public static NearDuplicateSettings banded(int words, int bands, int rows, double threshold) {
        return new NearDuplicateSettings(words, Math.multiplyExact(bands, rows), rows, threshold, STANDARD.maxShingles);
    }

    /** Signature values of a band. */
    int rows() {
        int rows = bandRows == 0 ? 1 : bandRows;
        while (bandRows == 0 && rows < 16 && missed(rows + 1) <= 0.005) {
            rows++;
        }
        return rows;
    }

    private double missed(int rows) {
        return Math.pow(1 - Math.pow(threshold, rows), permutations / rows);
    }
}
