package dev.distill.student.ops;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which part of a key/value cache each row of a decoding step uses. A cache is a tensor of pages for keys and one for values. A
 * sequence's positions fill its pages one after the other, in any order of pages; sequences that begin alike may share the pages that are full
 * (Kwon et al. 2023, "Efficient Memory Management for Large Language Model Serving with PagedAttention"). Rows may be positions of one sequence that
 * follow each other: they have the same pages, and the second counts one position more than the first.
 *
 * @param pages for each row b of the batch the pages of its sequence
 * @param lengths for each row how many positions count, the one that the step adds included: at least 1, at most what its pages hold
 */
public record CacheStep(int[][] pages, int[] lengths) {
    public CacheStep {
        pages = Arrays.stream(pages).map(int[]::clone).toArray(int[][]::new);
        lengths = lengths.clone();
        if (pages.length != lengths.length) {
            throw new IllegalArgumentException("cache step: needs one length for each row's pages, got " + pages.length
                    + " rows and " + lengths.length + " lengths");
        }
        for (int b = 0; b < lengths.length; b++) {
            if (pages[b].length == 0
                    || lengths[b] < 1
                    || Arrays.stream(pages[b]).anyMatch(page -> page < 0)) {
                throw new IllegalArgumentException("cache step: row " + b
                        + " needs pages from 0 on and a length from 1 on, got pages " + Arrays.toString(pages[b])
                        + ", length " + lengths[b]);
            }
        }
    }

    /** Each row has one page, its slot, for all of its positions. */
    public CacheStep(int[] slots, int[] lengths) {
        this(Arrays.stream(slots).mapToObj(slot -> new int[] {slot}).toArray(int[][]::new), lengths);
    }

    /** Positions {@code from} (inclusive) to {@code to} (exclusive) of one sequence, each a row. */
    public static CacheStep of(int[] pages, int from, int to) {
        int[][] each = new int[to - from][];
        Arrays.fill(each, pages);
        return new CacheStep(
                each, IntStream.range(from, to).map(position -> position + 1).toArray());
    }

    /** B, rows of the batch. */
    public int rows() {
        return pages.length;
    }

    /** How many positions of a row count. */
    public int length(int row) {
        return lengths[row];
    }

    /** How many pages a row has. */
    public int pageCount(int row) {
        return pages[row].length;
    }

    /** One of a row's pages, by its place in the sequence. */
    public int page(int row, int place) {
        return pages[row][place];
    }

    /** Whether two rows are positions of one sequence. */
    public boolean samePages(int row, int other) {
        return Arrays.equals(pages[row], pages[other]);
    }

    @Override
    public int[][] pages() {
        return Arrays.stream(pages).map(int[]::clone).toArray(int[][]::new);
    }

    @Override
    public int[] lengths() {
        return lengths.clone();
    }
}
