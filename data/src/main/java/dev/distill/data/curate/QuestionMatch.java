package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a question is one of the held-out questions. Numbers decide: that two questions of one template have the same
 * ones by chance has odds of 1 to 10^digits, so the more digits agree, the fewer of the other words need to.
 */
final class QuestionMatch {
    /** Share of the shorter question in common n-grams: "m and n are relatively prime, find m + n" proves nothing. */
    private static final double MIN_COVERED = 0.4;

    /** Fewest words for a whole question to be looked for, and of a formula. */
    private static final int MIN_WHOLE = 4;

    private static final int MIN_FORMULA = 5;

    /** From this share of numbers, signs and letters on a question is mainly a formula. */
    private static final double FORMULA_SHARE = 0.5;

    /** Longer questions are compared word by word only up to here. */
    private static final int MAX_FUZZY = 400;

    /** Digits that agree, and the share of the other words that must then stand there in the same order. */
    static final int MANY_DIGITS = 4;

    private static final double WITH_MANY = 0.6;
    private static final double WITH_FEW = 0.75;

    /** The share of words in any order, where the same numbers stand in another order. */
    private static final double REORDERED = 0.8;

    /** A question has so many words besides numbers and operations, or it is about these alone. */
    static final int MIN_PROSE = 6;

    private QuestionMatch() {}

    /** The number of the held-out question that this question is, holds or nearly is; -1 for none. */
    static int find(HeldOutIndex index, Words question, Decontamination.Settings settings) {
        for (HeldOutIndex.Hit hit : index.hits(question)) {
            Words heldOut = index.text(hit.document());
            boolean whole = hit.covered().cardinality() == heldOut.size();
            boolean much = hit.covered().cardinality() >= MIN_COVERED * Math.min(heldOut.size(), question.size());
            if (!isFormula(heldOut) && (whole || (hit.distinctive() && much)) && sameNumbers(heldOut, question)) {
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
        Problem problem = Problem.of(question);
        for (int d : index.withNumbersOf(problem)) {
            if (isReworded(problem, index.problem(d), settings.fuzzy())) {
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

    /** Whether the held-out numbers stand here side by side, and around them enough of the other words. */
    private static boolean isReworded(Problem question, Problem heldOut, double fuzzy) {
        int count = heldOut.numbers();
        if (heldOut.tokens().size() > MAX_FUZZY || question.tokens().size() > 2 * MAX_FUZZY) {
            return false;
        }
        for (int first = 0; first + count <= question.numbers(); first++) {
            if (hasNumbersOf(question, first, heldOut) && agrees(question, first, heldOut, fuzzy)) {
                return true;
            }
        }
        return count == question.numbers() && isReordered(question, heldOut);
    }

    /** Whether the held-out numbers stand here in a row, from this one on. */
    static boolean hasNumbersOf(Problem text, int first, Problem heldOut) {
        for (int i = 0; i < heldOut.numbers(); i++) {
            if (!text.number(first + i).equals(heldOut.number(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean agrees(Problem question, int first, Problem heldOut, double fuzzy) {
        int last = first + heldOut.numbers() - 1;
        int before = question.place(first - 1) + 1;
        int after = question.place(last + 1);
        int lead = heldOut.place(0);
        int tail = heldOut.tokens().size() - heldOut.place(heldOut.numbers() - 1) - 1;
        int from = Math.max(before, question.place(first) - 2 * lead - 2);
        int to = Math.min(after, question.place(last) + 1 + 2 * tail + 2);
        List<String> window = question.tokens().subList(from, to);
        boolean alone = before == 0 && after == question.tokens().size();
        if (!alone && (isGoingOn(question, before, from) || isGoingOn(question, after, to))) {
            return false;
        }
        List<String> operations = Problem.operations(heldOut.tokens());
        if (!operations.equals(Problem.operations(window))) {
            return false;
        }
        int decisive = heldOut.numbers() + operations.size();
        int others = heldOut.tokens().size() - decisive;
        int shared = common(heldOut.tokens(), window) - decisive;
        if (others < MIN_PROSE && operations.size() >= heldOut.numbers() - 1 && heldOut.numbers() >= 2) {
            // Work out 12 + 34 - 5: the numbers and what is done with them is all there is
            return sameFormula(question, first, heldOut);
        }
        double asked = !alone ? fuzzy : heldOut.digits() >= MANY_DIGITS ? WITH_MANY : WITH_FEW;
        return shared >= asked * others;
    }

    /** Whether the same is done with the held-out numbers, from the first one to the last. */
    static boolean sameFormula(Problem text, int first, Problem heldOut) {
        int last = heldOut.numbers() - 1;
        return text.formula(text.place(first), text.place(first + last) + 1)
                .equals(heldOut.formula(heldOut.place(0), heldOut.place(last) + 1));
    }

    /** Whether another number stands in the same formula or clause as the window that ends here. */
    private static boolean isGoingOn(Problem question, int limit, int end) {
        if (limit != end || limit == 0 || limit == question.tokens().size()) {
            return false;
        }
        return !question.words().isAfterBreak(limit);
    }

    private static boolean isReordered(Problem question, Problem heldOut) {
        int others = heldOut.tokens().size() - heldOut.numbers();
        if (heldOut.digits() < MANY_DIGITS || heldOut.numbers() < 2 || others < 2 * MIN_PROSE) {
            return false;
        }
        List<String> left = new ArrayList<>(question.tokens());
        int shared = 0;
        Map<String, Integer> counts = new HashMap<>();
        left.forEach(token -> counts.merge(token, 1, Integer::sum));
        for (String token : heldOut.tokens()) {
            int count = counts.getOrDefault(token, 0);
            shared += count > 0 ? 1 : 0;
            counts.put(token, count - 1);
            if (count == 0 && Character.isDigit(token.charAt(0))) {
                return false;
            }
        }
        int length = Math.max(heldOut.tokens().size(), question.tokens().size());
        return shared >= REORDERED * length;
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

    static boolean isOfFormula(Words text, int neighbour) {
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
    static int common(List<String> a, List<String> b) {
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
