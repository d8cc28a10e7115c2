package dev.distill.data.curate;

import java.util.Arrays;

/**
 * Whether a question asks with other words what a held-out question asks: the same numbers side by side, or all of them in
 * another order, and around them enough of the other words.
 */
final class Rewording {
    /** Digits that agree, and the share of the other words that must then stand there in the same order. */
    static final int MANY_DIGITS = 4;

    private static final double WITH_MANY = 0.6;
    private static final double WITH_FEW = 0.75;

    /** The share of words in any order, where the same numbers stand in another order. */
    private static final double REORDERED = 0.8;

    /** A question has so many words besides numbers and operations, or it is about these alone. */
    static final int MIN_PROSE = 6;

    private Rewording() {}

    /** The number of the held-out question that this one says in other words; -1 for none. */
    static int find(HeldOutIndex index, Problem question, double fuzzy) {
        if (question.size() > 2 * QuestionMatch.MAX_FUZZY) {
            return -1;
        }
        int found = Integer.MAX_VALUE;
        for (long row : index.numbers().rows(question)) {
            int d = (int) (row >> Integer.SIZE);
            if (isShort(index.text(d)) && agrees(question, (int) row, index.text(d), fuzzy)) {
                found = d;
                break;
            }
        }
        for (int d : index.withAllNumbersOf(question)) {
            if (d < found && isShort(index.text(d)) && isReordered(question, index.text(d))) {
                found = d;
            }
        }
        return found == Integer.MAX_VALUE ? -1 : found;
    }

    private static boolean isShort(HeldOutText heldOut) {
        return heldOut.size() <= QuestionMatch.MAX_FUZZY;
    }

    private static boolean agrees(Problem question, int first, HeldOutText heldOut, double fuzzy) {
        Problem problem = heldOut.problem();
        int last = first + problem.numbers() - 1;
        int before = question.place(first - 1) + 1;
        int after = question.place(last + 1);
        int from = Math.max(before, question.place(first) - 2 * heldOut.lead() - 2);
        int to = Math.min(after, question.place(last) + 1 + 2 * heldOut.tail() + 2);
        boolean alone = before == 0 && after == question.size();
        if (!alone && (isGoingOn(question, before, from) || isGoingOn(question, after, to))) {
            return false;
        }
        if (!problem.sameOperations(0, problem.size(), question, from, to)) {
            return false;
        }
        int operations = heldOut.operations();
        int others = heldOut.others();
        if (others < MIN_PROSE && operations >= problem.numbers() - 1 && problem.numbers() >= 2) {
            // Work out 12 + 34 - 5: the numbers and what is done with them is all there is
            return sameFormula(question, first, problem);
        }
        int shared = problem.inOrder(question, from, to) - problem.numbers() - operations;
        double asked = !alone ? fuzzy : heldOut.digits() >= MANY_DIGITS ? WITH_MANY : WITH_FEW;
        return shared >= asked * others;
    }

    /** Whether the same is done with the held-out numbers, from the first one to the last. */
    static boolean sameFormula(Problem text, int first, Problem heldOut) {
        int last = heldOut.numbers() - 1;
        return Arrays.equals(
                text.formula(text.place(first), text.place(first + last) + 1),
                heldOut.formula(heldOut.place(0), heldOut.place(last) + 1));
    }

    /** Whether another number stands in the same formula or clause as the window that ends here. */
    private static boolean isGoingOn(Problem question, int limit, int end) {
        if (limit != end || limit == 0 || limit == question.size()) {
            return false;
        }
        return !question.words().isAfterBreak(limit);
    }

    private static boolean isReordered(Problem question, HeldOutText heldOut) {
        Problem problem = heldOut.problem();
        int others = problem.size() - problem.numbers();
        if (heldOut.digits() < MANY_DIGITS || problem.numbers() < 2 || others < 2 * MIN_PROSE) {
            return false;
        }
        return problem.inAnyOrder(question) >= REORDERED * Math.max(problem.size(), question.size());
    }
}
