package dev.distill.student.generate;

import dev.distill.student.ops.TeacherRows;

/** Hears every token as soon as it is chosen, and decides whether its row goes on. */
@FunctionalInterface
public interface TokenListener {
    /** Lets every row go on to its end. */
    TokenListener NONE = (row, id, logProb) -> true;

    /** @return false to end this row */
    boolean token(long row, int id, float logProb);

    /**
     * The same, with what else might have stood there.
     *
     * @param likeliest one row of as many tokens as the request asks for, the likeliest first, by the model's own log-probabilities; no row
     *     where it asks for none
     * @return false to end this row
     */
    default boolean token(long row, int id, float logProb, TeacherRows likeliest) {
        return token(row, id, logProb);
    }

    /**
     * A row cannot go on: its probabilities are no numbers, or this listener threw. It ends without a result. Whoever answers several
     * clients takes it, so that the others' rows go on; by default all of them end with it.
     */
    default void failed(long row, RuntimeException why) {
        throw why;
    }
}
