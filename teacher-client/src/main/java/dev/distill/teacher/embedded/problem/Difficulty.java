package dev.distill.teacher.embedded.problem;

/** How hard the problems are. */
public enum Difficulty {
    /**
     * Two or three steps, operands of two digits, factors up to 5, no number above 999: what a tiny student learns in some
     * minutes.
     */
    STANDARD(999, 5, 1),
    /** Up to five steps, operands of two and three digits, factors up to 9, no number above 9999. */
    HARD(9_999, 9, 10);

    private final int largest;
    private final int largestFactor;
    private final int scale;

    Difficulty(int largest, int largestFactor, int scale) {
        this.largest = largest;
        this.largestFactor = largestFactor;
        this.scale = scale;
    }

    /** The largest number that may turn up. */
    int largest() {
        return largest;
    }

    /** The largest multiplier and divisor. */
    int largestFactor() {
        return largestFactor;
    }

    /** Operands of two digits and more are drawn from a range this many times as wide. */
    int scale() {
        return scale;
    }
}
