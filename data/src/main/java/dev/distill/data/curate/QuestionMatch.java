package dev.distill.data.curate;

import java.util.List;

/** Whether a question is one of the held-out questions. */
final class QuestionMatch {
    /** Fewest words for a whole question to be looked for, and of a formula. */
    private static final int MIN_WHOLE = 4;

    private static final int MIN_FORMULA = 5;

    /** From this share of numbers, signs and letters on a question is mainly a formula. */
    private static final double FORMULA_SHARE = 0.5;

    /** Longer questions are compared word by word only up to here. */
    private static final int MAX_FUZZY = 400;

    private QuestionMatch() {}

    /** The number of the held-out question that this question is, holds or nearly is; -1 for none. */
    static int find(HeldOutIndex index, Words question, Decontamination.Settings settings) {
        for (HeldOutIndex.Hit hit : index.hits(question)) {
            Words heldOut = index.text(hit.document());
            boolean whole = hit.covered().cardinality() == heldOut.size();
            if (!isFormula(heldOut) && (hit.distinctive() || whole) && sameNumbers(heldOut, question)) {
                return hit.document();
            }
        }
        for (int d : index.candidates(question)) {
            Words heldOut = index.text(d);
            boolean asWhole = heldOut.size() < settings.n() || isFormula(heldOut);
            if (asWhole ? holdsWhole(question, heldOut) : isNearly(question, heldOut, settings.fuzzy())) {
                return d;
            }
        }
        return -1;
    }

    /** Mainly numbers, signs and letters: {@code Solve for x: 7x + 15 = 99}. */
    static boolean isFormula(Words words) {
        int symbols = 0;
        for (int i = 0; i < words.size(); i++) {
            symbols += words.isSymbol(i) ? 1 : 0;
        }
        return symbols >= FORMULA_SHARE * words.size();
    }

    /** Whether no number of one stands changed in the other: the numbers of one are among the other's, in order. */
    private static boolean sameNumbers(Words heldOut, Words question) {
        List<String> a = heldOut.numbers();
        List<String> b = question.numbers();
        return common(a, b) == Math.min(a.size(), b.size());
    }

    private static boolean holdsWhole(Words question, Words heldOut) {
        if (question.list().equals(heldOut.list())) {
            return true; // however short
        }
        boolean prose = !isFormula(heldOut);
        if (heldOut.size() >= MIN_WHOLE && holds(question, heldOut.list(), prose)) {
            return true;
        }
        List<String> formula = longestFormula(heldOut);
        long numbers = formula.stream()
                .filter(word -> Character.isDigit(word.charAt(0)))
                .count();
        return formula.size() >= MIN_FORMULA && numbers >= 2 && holds(question, formula, false);
    }

    /**
     * Whether these words stand here in a row. Prose must stand there as a sentence; of a formula, nothing must go on
     * before or behind it.
     */
    private static boolean holds(Words text, List<String> words, boolean asSentence) {
        for (int i = 0; i + words.size() <= text.size(); i++) {
            int end = i + words.size();
            if (text.list().subList(i, end).equals(words)) {
                boolean begins = i == 0 || text.isAfterBreak(i) || (!asSentence && !isOfFormula(text, i - 1));
                boolean ends = end == text.size() || text.isAfterBreak(end) || (!asSentence && !isOfFormula(text, end));
                if (begins && ends) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfFormula(Words text, int neighbour) {
        return text.isSign(neighbour) || text.isNumber(neighbour);
    }

    /** The longest run of numbers, signs and letters without punctuation in between. */
    private static List<String> longestFormula(Words words) {
        int bestStart = 0;
        int bestEnd = 0;
        int start = 0;
        for (int i = 0; i <= words.size(); i++) {
            boolean ends = i == words.size() || !words.isSymbol(i) || words.isAfterBreak(i);
            if (ends && i - start > bestEnd - bestStart) {
                bestStart = start;
                bestEnd = i;
            }
            if (ends) {
                start = i < words.size() && words.isSymbol(i) ? i : i + 1;
            }
        }
        return words.list().subList(bestStart, bestEnd);
    }

    private static boolean isNearly(Words question, Words heldOut, double share) {
        int length = Math.max(question.size(), heldOut.size());
        int shorter = Math.min(question.size(), heldOut.size());
        if (length > MAX_FUZZY || 2.0 * shorter < share * (length + shorter)) {
            return false;
        }
        return question.numbers().equals(heldOut.numbers())
                && 2.0 * common(question.list(), heldOut.list()) >= share * (length + shorter);
    }

    /** Length of the longest common subsequence. */
    private static int common(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        for (String word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(row[j - 1], above);
                diagonal = above;
            }
        }
        return row[b.size()];
    }
}
