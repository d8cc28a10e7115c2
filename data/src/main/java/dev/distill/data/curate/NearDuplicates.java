package dev.distill.data.curate;

import java.io.IOException;
import java.util.Arrays;

/**
 * Finds groups of texts that nearly repeat each other. Two texts are alike if they share a band of their signature and the
 * Jaccard similarity of their shingles reaches the threshold; two questions with different numbers are two problems, however
 * alike their working. A group is all that hangs together by such pairs (the connected components that MinHash deduplication is
 * known by: Lee et al. 2022, arXiv 2107.06499), so it is the same in whatever order the texts are added; its first is the one
 * that was added first. Texts of one group are compared no further, so that ten thousand copies cost ten thousand comparisons.
 * For one thread.
 */
public final class NearDuplicates {
    /** The shingles of texts, wherever they are kept. */
    @FunctionalInterface
    public interface Shelf {
        Shingles get(int text) throws IOException;
    }

    private final double threshold;
    private final Shelf shelf;
    private final BandTable table = new BandTable();

    /** Of a text, one of its group that was added before, or itself: following them leads to the first. */
    private int[] before = new int[1 << 10];

    private int size;

    public NearDuplicates(NearDuplicateSettings settings, Shelf shelf) {
        this.threshold = settings.threshold();
        this.shelf = shelf;
    }

    /**
     * Adds a text.
     *
     * @param text its number on the shelf, greater than those of all that were added
     */
    public void add(int text, Facts.Fingerprint fingerprint) throws IOException {
        alone(text);
        Shingles mine = null;
        for (int candidate : table.candidates(fingerprint)) {
            if (first(candidate) == first(text)) {
                continue;
            }
            mine = mine == null ? shelf.get(text) : mine;
            if (shelf.get(candidate).jaccard(mine) >= threshold) {
                join(first(candidate), first(text));
            }
        }
        table.add(fingerprint, text);
    }

    /** The first text of the group of this one, which may be itself; texts that were not added are alone. */
    public int first(int text) {
        if (text >= size) {
            return text;
        }
        int first = text;
        while (before[first] != first) {
            before[first] = before[before[first]];
            first = before[first];
        }
        return first;
    }

    /** How like a text is the first of its group, 0 to 1; less than the threshold where others stand between them. */
    public double similarity(int text) throws IOException {
        return shelf.get(first(text)).jaccard(shelf.get(text));
    }

    private void alone(int text) {
        if (text >= before.length) {
            before = Arrays.copyOf(before, Math.max(text + 1, 2 * before.length));
        }
        while (size <= text) {
            before[size] = size++;
        }
    }

    private void join(int one, int other) {
        before[Math.max(one, other)] = Math.min(one, other);
    }
}
