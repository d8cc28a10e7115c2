package dev.distill.data.answer;

/**
 * A budget of steps for reading and comparing one pair of answers. Counting replaces a clock: hostile text such as
 * {@code 9^{9^{9^9}}} ends after the same few steps everywhere.
 */
final class Effort {
    /** Enough for answers of a few hundred symbols with fifty roots and logarithms each. */
    static final int STANDARD = 200_000;

    /** Nesting of brackets, braces and powers beyond this is no answer that a person writes. */
    static final int MAX_DEPTH = 60;

    private int left;

    Effort(int steps) {
        this.left = steps;
    }

    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            throw new TooMuch("more than the steps allowed for one comparison");
        }
    }

    /** The text needs more work, larger numbers or deeper nesting than any honest answer. */
    static final class TooMuch extends RuntimeException {
        TooMuch(String what) {
            super(what, null, false, false);
        }
    }
}
