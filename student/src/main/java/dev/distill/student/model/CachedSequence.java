package dev.distill.student.model;

/** A sequence in the cache of a {@link DecodingSession}: its pages, and how many of their positions are filled. */
public final class CachedSequence {
    private final int[] pages;
    private int length;

    CachedSequence(int[] pages, int length) {
        this.pages = pages;
        this.length = length;
    }

    /** Positions filled. */
    public int length() {
        return length;
    }

    int[] pages() {
        return pages;
    }

    void setLength(int length) {
        this.length = length;
    }
}
