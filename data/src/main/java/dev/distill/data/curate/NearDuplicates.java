package dev.distill.data.curate;

import java.io.IOException;

/**
 * Finds groups of texts that nearly repeat each other. Two texts are alike if they share a band of their signature and the
 * Jaccard similarity of their shingles reaches the threshold; two questions with different numbers are two problems, however
 * alike their working. A group is all that hangs together by such pairs (the connected components that MinHash deduplication is
 * known by: Lee et al. 2022, arXiv 2107.06499); its first is the one that was added first.
 *
 * <p>What that takes is linear in the number of texts. Texts of one group are compared no further, so that ten thousand copies cost ten
 * thousand comparisons. What shares bands and is not alike, as texts from one template do, would be compared pair by pair: so
 * of a band that many have, a text is compared with the first {@value BandTable#MOST} that were added, at most {@value
 * BandTable#MOST_OF_GROUP} of one group, and no others. A copy among them is found by its other bands, which hold
 * what the template does not. Texts must be added in an order that does not depend on how they are read. For one thread.
 */
public final class NearDuplicates {
    private final double threshold;
    private final ShingleStore shingles;
    private final BandTable table = new BandTable();
    private final DisjointSets groups = new DisjointSets();

    public NearDuplicates(NearDuplicateSettings settings, ShingleStore shingles) {
        this.threshold = settings.threshold();
        this.shingles = shingles;
    }

    /**
     * Adds a text.
     *
     * @param text its number in the store, greater than those of all that were added
     */
    public void add(int text, Facts.Fingerprint fingerprint) throws IOException {
        long[] keys = fingerprint.keys();
        Shingles mine = null;
        for (int candidate : table.candidates(keys)) {
            if (groups.find(candidate) == groups.find(text)) {
                continue;
            }
            mine = mine == null ? shingles.get(text) : mine;
            if (shingles.get(candidate).jaccard(mine) >= threshold) {
                groups.union(candidate, text);
            }
        }
        table.add(keys, text, groups);
    }

    /** The first text of the group of this one, which may be itself; texts that were not added are alone. */
    public int first(int text) {
        return groups.find(text);
    }

    /** How like a text is the first of its group, 0 to 1; less than the threshold where others stand between them. */
    public double similarity(int text) throws IOException {
        return shingles.get(first(text)).jaccard(shingles.get(text));
    }
}
