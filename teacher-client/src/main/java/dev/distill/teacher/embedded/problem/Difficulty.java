package dev.distill.teacher.embedded.problem;

/** How hard the problems are. Numbers have the same widths in both, see {@link Step#keepsWidth}. */
public enum Difficulty {
    /** Sixteen forms of two steps: what a tiny student learns in some minutes. */
    STANDARD,
    /** These, and forms of three steps. */
    HARD
}
