package dev.distill.student.generate;

/** Hears every token as soon as it is chosen, and decides whether its row goes on. */
@FunctionalInterface
public interface TokenListener {
    /** Lets every row go on to its end. */
    TokenListener NONE = (row, id, logProb) -> true;

    /** @return false to end this row */
    boolean token(long row, int id, float logProb);
}
