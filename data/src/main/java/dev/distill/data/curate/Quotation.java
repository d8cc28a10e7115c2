package dev.distill.data.curate;

import org.jspecify.annotations.Nullable;

/**
 * Whether a reply writes out a held-out question, in its words or nearly, where it is too short or too much changed for
 * n-grams.
 */
final class Quotation {
    /** The share of the question's other words that must stand around the same numbers. */
    private static final double SHARE = 0.6;

    private Quotation() {}

    /** The held-out question that this reply writes out, in its words or nearly; null for none. */
    static @Nullable HeldOutMatch find(HeldOutIndex index, Problem reply) {
        for (long row : index.longNumbers().rows(reply)) {
            HeldOutText heldOut = index.text((int) (row >> Integer.SIZE));
            int shared = shared(reply, (int) row, heldOut);
            if (shared >= 0 && isQuoted(reply, (int) row, heldOut, shared)) {
                return new HeldOutMatch((int) (row >> Integer.SIZE), shared < others(heldOut.problem()));
            }
        }
        return null;
    }

    /** How many of the question's other words stand around its numbers; -1 where its operations do not. */
    private static int shared(Problem text, int first, HeldOutText heldOut) {
        Problem problem = heldOut.problem();
        int start = text.place(first);
        int end = text.place(first + problem.numbers() - 1) + 1;
        int to = problem.place(problem.numbers() - 1) + 1;
        if (!problem.sameOperations(problem.place(0), to, text, start, end)) {
            return -1;
        }
        return problem.inOrder(
                        text,
                        Math.max(0, start - 2 * heldOut.lead() - 2),
                        Math.min(text.size(), end + 2 * heldOut.tail() + 2))
                - problem.numbers()
                - operations(problem);
    }

    /** Operations from the first number to the last. */
    private static int operations(Problem heldOut) {
        return heldOut.operations(heldOut.place(0), heldOut.place(heldOut.numbers() - 1) + 1);
    }

    private static int others(Problem heldOut) {
        return heldOut.size() - heldOut.numbers() - operations(heldOut);
    }

    /** Working has numbers and operations of its own, so the words around them, or a whole formula, must agree too. */
    private static boolean isQuoted(Problem text, int first, HeldOutText heldOut, int shared) {
        Problem problem = heldOut.problem();
        int numbers = problem.numbers();
        int others = others(problem);
        boolean formula = others < Rewording.MIN_PROSE && operations(problem) >= numbers - 1;
        if (!formula) {
            return others >= Rewording.MIN_PROSE / 2 && shared >= SHARE * others;
        }
        boolean sure = numbers >= 3 && heldOut.digits() >= Rewording.MANY_DIGITS;
        return Rewording.sameFormula(text, first, problem)
                && stands(text, text.place(first), text.place(first + numbers - 1) + 1)
                && (sure || shared >= Math.max(1, others));
    }

    /** Whether a formula begins and ends here, with no operation or result beside it. */
    private static boolean stands(Problem text, int from, int to) {
        Words words = text.words();
        boolean before = from == 0 || words.isAfterBreak(from) || !QuestionMatch.isOfFormula(words, from - 1);
        boolean after = to == text.size() || words.isAfterBreak(to) || !QuestionMatch.isOfFormula(words, to);
        return before && after;
    }
}
