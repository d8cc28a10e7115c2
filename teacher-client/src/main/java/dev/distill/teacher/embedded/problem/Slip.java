package dev.distill.teacher.embedded.problem;

/**
 * A mistake to be made on purpose.
 *
 * @param kind what goes wrong
 * @param step the step in which it happens, from 0
 * @param column the column in which it happens, counted as the working goes
 * @param by what a wrong digit is off by: 1 or -1
 */
record Slip(Kind kind, int step, int column, int by) {
    /** What can go wrong. */
    enum Kind {
        /** A digit is off by one. */
        DIGIT,
        /** The carry, the borrow or the remainder of the column before is forgotten. */
        CARRY,
        /** The columns are right, but their digits are put together wrongly: two change places. */
        READING,
        /** + is done instead of -, or - instead of +. */
        OPERATION,
        /** The working is right, the number in the box is another. */
        ANSWER
    }
}
