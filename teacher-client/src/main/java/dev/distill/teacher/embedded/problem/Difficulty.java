package dev.distill.teacher.embedded.problem;

/** How hard the problems are. */
public enum Difficulty {
    /** Two or three steps, operands of two digits, no number above 999: what a tiny student learns in some minutes. */
    STANDARD(999, 1),
    /** Up to five steps, operands of two and three digits, no number above 9999. */
    HARD(9_999, 10);

    private final int largest;
    private final int scale;

    Difficulty(int largest, int scale) {
        this.largest = largest;
        this.scale = scale;
    }

    /** The largest number that may turn up. */
    int largest() {
        return largest;
    }

    /** Operands of two digits and more are drawn from a range this many times as wide. */
    int scale() {
        return scale;
    }
}
