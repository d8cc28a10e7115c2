package dev.distill.student.ops;

/** How many rows of logits there are at one time: of a large vocabulary few, so that they are never whole. */
public final class LogitRows {
    /** Memory for the logits of a chunk. A chunk of few rows pays for packing the whole head again. */
    private static final long BYTES = 96L << 20;

    private static final int MOST = 256;

    private LogitRows() {}

    /** Rows of a chunk, at most. @param itemBytes of one logit */
    public static int most(int vocabulary, long itemBytes) {
        return (int) Math.clamp(BYTES / (vocabulary * itemBytes), 1, MOST);
    }
}
