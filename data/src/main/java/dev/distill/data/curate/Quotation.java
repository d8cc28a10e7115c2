package dev.distill.data.curate;

import java.util.List;

/**
 * Whether a reply writes out a held-out question, in its words or nearly, where it is too short or too much changed for
 * n-grams.
 */
final class Quotation {
    /** Fewest digits of a held-out question's numbers: fewer stand side by side in any working. */
    private static final int MIN_DIGITS = 3;

    /** The share of the question's other words that must stand around the same numbers. */
    private static final double SHARE = 0.6;

    private Quotation() {}

    /** The number of the held-out question that this reply writes out, in its words or nearly; -1 for none. */
    static int find(HeldOutIndex index, Words reply) {
        Problem text = Problem.of(reply);
        for (int d : index.withNumbersOf(text)) {
            Problem heldOut = index.problem(d);
            int count = heldOut.numbers();
            for (int first = 0; first + count <= text.numbers(); first++) {
                if (QuestionMatch.hasNumbersOf(text, first, heldOut) && isQuoted(text, first, heldOut)) {
                    return d;
                }
            }
        }
        return -1;
    }

    /** Working has numbers and operations of its own, so the words around them, or a whole formula, must agree too. */
    private static boolean isQuoted(Problem text, int first, Problem heldOut) {
        int last = first + heldOut.numbers() - 1;
        List<String> inner = heldOut.tokens().subList(heldOut.place(0), heldOut.place(heldOut.numbers() - 1) + 1);
        List<String> innerText = text.tokens().subList(text.place(first), text.place(last) + 1);
        List<String> operations = Problem.operations(inner);
        if (!operations.equals(Problem.operations(innerText)) || heldOut.digits() < MIN_DIGITS) {
            return false;
        }
        int lead = heldOut.place(0);
        int tail = heldOut.tokens().size() - heldOut.place(heldOut.numbers() - 1) - 1;
        int from = Math.max(0, text.place(first) - 2 * lead - 2);
        int to = Math.min(text.tokens().size(), text.place(last) + 1 + 2 * tail + 2);
        int others = heldOut.tokens().size() - heldOut.numbers() - operations.size();
        int shared = QuestionMatch.common(heldOut.tokens(), text.tokens().subList(from, to))
                - heldOut.numbers()
                - operations.size();
        boolean formula = others < QuestionMatch.MIN_PROSE && operations.size() >= heldOut.numbers() - 1;
        if (formula
                && !(QuestionMatch.sameFormula(text, first, heldOut)
                        && stands(text, text.place(first), text.place(last) + 1))) {
            return false;
        }
        boolean sure = heldOut.numbers() >= 3 && heldOut.digits() >= QuestionMatch.MANY_DIGITS;
        return formula
                ? sure || shared >= Math.max(1, others)
                : others >= QuestionMatch.MIN_PROSE / 2 && shared >= SHARE * others;
    }

    /** Whether a formula begins and ends here, with no operation or result beside it. */
    private static boolean stands(Problem text, int from, int to) {
        boolean before =
                from == 0 || text.words().isAfterBreak(from) || !QuestionMatch.isOfFormula(text.words(), from - 1);
        boolean after = to == text.tokens().size()
                || text.words().isAfterBreak(to)
                || !QuestionMatch.isOfFormula(text.words(), to);
        return before && after;
    }
}
