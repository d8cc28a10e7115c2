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

    /**
     * The held-out question that this reply writes out, in its words or nearly; null for none.
     *
     * @param all of these questions, and perhaps of others
     */
    static @Nullable HeldOutMatch find(HeldOutIndex index, HeldOutNumbers all, Reading text) {
        Problem reply = text.problem();
        for (long row : index.longNumbers().rows(reply, text.rowStarts(all))) {
            int document = (int) (row >> Integer.SIZE);
            HeldOutText heldOut = index.text(document);
            if (!isQuotable(reply, (int) row, heldOut)) {
                continue;
            }
            int shared = shared(reply, (int) row, heldOut);
            if (isQuoted(heldOut, shared)) {
                return new HeldOutMatch(document, shared < others(heldOut));
            }
        }
        return null;
    }

    /** Working has numbers and operations of its own, so the words around them, or a whole formula, must agree too. */
    private static boolean isQuotable(Problem text, int first, HeldOutText heldOut) {
        Problem problem = heldOut.problem();
        int from = text.place(first);
        int to = text.place(first + problem.numbers() - 1) + 1;
        if (!isFormula(heldOut) && others(heldOut) < Rewording.MIN_PROSE / 2) {
            return false;
        }
        int end = problem.place(problem.numbers() - 1) + 1;
        return problem.sameOperations(problem.place(0), end, text, from, to)
                && (!isFormula(heldOut) || (Rewording.sameFormula(text, first, problem) && stands(text, from, to)));
    }

    /**
     * How many of the question's other words stand around its numbers, in their order. Where that would not be enough in any
     * order either, which is told sooner, it is their number in any order, or more.
     */
    private static int shared(Problem text, int first, HeldOutText heldOut) {
        Problem problem = heldOut.problem();
        int start = text.place(first);
        int end = text.place(first + problem.numbers() - 1) + 1;
        int from = Math.max(0, start - 2 * heldOut.lead() - 2);
        int to = Math.min(text.size(), end + 2 * heldOut.tail() + 2);
        int most = problem.atMost(text, from, to) - problem.numbers() - heldOut.innerOperations();
        return isQuoted(heldOut, most)
                ? problem.inOrder(text, from, to) - problem.numbers() - heldOut.innerOperations()
                : most;
    }

    /** Words besides the numbers and the operations between them. */
    private static int others(HeldOutText heldOut) {
        return heldOut.size() - heldOut.problem().numbers() - heldOut.innerOperations();
    }

    private static boolean isFormula(HeldOutText heldOut) {
        return others(heldOut) < Rewording.MIN_PROSE
                && heldOut.innerOperations() >= heldOut.problem().numbers() - 1;
    }

    private static boolean isQuoted(HeldOutText heldOut, int shared) {
        if (!isFormula(heldOut)) {
            return shared >= SHARE * others(heldOut);
        }
        boolean sure = heldOut.problem().numbers() >= 3 && heldOut.digits() >= Rewording.MANY_DIGITS;
        return sure ? shared >= 0 : shared >= Math.max(1, others(heldOut));
    }

    /** Whether a formula begins and ends here, with no operation or result beside it. */
    private static boolean stands(Problem text, int from, int to) {
        Words words = text.words();
        boolean before = from == 0 || words.isAfterBreak(from) || !QuestionMatch.isOfFormula(words, from - 1);
        boolean after = to == text.size() || words.isAfterBreak(to) || !QuestionMatch.isOfFormula(words, to);
        return before && after;
    }
}
