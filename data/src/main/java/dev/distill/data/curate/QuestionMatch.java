package dev.distill.data.curate;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a question is one of the held-out questions. Numbers decide: that two questions of one template have the same
 * ones by chance has odds of 1 to 10^digits, so the more digits agree, the fewer of the other words need to ({@link
 * Rewording}).
 */
final class QuestionMatch {
    /** Share of the shorter question in common n-grams: "m and n are relatively prime, find m + n" proves nothing. */
    private static final double MIN_COVERED = 0.4;

    /** Fewest words for a whole question to be looked for, and of a formula. */
    private static final int MIN_WHOLE = 4;

    private static final int MIN_FORMULA = 5;

    /** Longer questions are compared word by word only up to here. */
    static final int MAX_FUZZY = 400;

    private QuestionMatch() {}

    /**
     * The held-out question that this question is, holds or nearly is; null for none.
     *
     * @param hits the questions with which it has n-grams in common
     */
    static @Nullable HeldOutMatch find(
            HeldOutIndex index, List<GramIndex.Hit> hits, Reading question, Decontamination.Settings settings) {
        Words words = question.words();
        long[] numbers = words.numbers();
        for (GramIndex.Hit hit : hits) {
            HeldOutText heldOut = index.text(hit.document());
            boolean whole = hit.covered().cardinality() == heldOut.size();
            boolean much = hit.covered().cardinality() >= MIN_COVERED * Math.min(heldOut.size(), words.size());
            if (!heldOut.formula()
                    && (whole || (hit.distinctive() && much))
                    && isSubsequence(heldOut.numbers(), numbers)) {
                return new HeldOutMatch(hit.document(), false);
            }
        }
        for (int d : index.candidates(question)) {
            HeldOutText heldOut = index.text(d);
            if (heldOut.size() < settings.n() || heldOut.formula()) {
                if (holdsWhole(words, heldOut)) {
                    return new HeldOutMatch(d, false);
                }
            } else if (isNearly(words, numbers, heldOut, settings.fuzzy())) {
                return new HeldOutMatch(d, true);
            }
        }
        int reworded = Rewording.find(index, question.problem(), settings.fuzzy());
        return reworded < 0 ? null : new HeldOutMatch(reworded, true);
    }

    /** Whether no number of one stands changed in the other: the numbers of one are among the other's, in order. */
    private static boolean isSubsequence(long[] a, long[] b) {
        return Sequences.common(a, b) == Math.min(a.length, b.length);
    }

    private static boolean holdsWhole(Words question, HeldOutText heldOut) {
        Words words = heldOut.words();
        if (question.size() == words.size() && question.holdsAt(0, words, 0, words.size())) {
            return true; // however short
        }
        if (words.size() >= MIN_WHOLE && holds(question, words, 0, words.size(), !heldOut.formula())) {
            return true;
        }
        int[] formula = longestFormula(words);
        int numbers = 0;
        for (int i = formula[0]; i < formula[1]; i++) {
            numbers += words.isNumber(i) ? 1 : 0;
        }
        return formula[1] - formula[0] >= MIN_FORMULA
                && numbers >= 2
                && holds(question, words, formula[0], formula[1], false);
    }

    /**
     * Whether these words of a held-out text stand here in a row. Prose must stand there as a sentence; of a formula,
     * nothing must go on before or behind it.
     */
    private static boolean holds(Words text, Words heldOut, int from, int to, boolean asSentence) {
        for (int i = 0; i + to - from <= text.size(); i++) {
            int end = i + to - from;
            if (text.hash(i) == heldOut.hash(from) && text.holdsAt(i, heldOut, from, to)) {
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

    /** The longest run of numbers, signs and letters without punctuation in between: where it begins and ends. */
    private static int[] longestFormula(Words words) {
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
        return new int[] {bestStart, bestEnd};
    }

    private static boolean isNearly(Words question, long[] numbers, HeldOutText heldOut, double share) {
        int length = Math.max(question.size(), heldOut.size());
        int shorter = Math.min(question.size(), heldOut.size());
        if (length > MAX_FUZZY || 2.0 * shorter < share * (length + shorter)) {
            return false;
        }
        return Arrays.equals(numbers, heldOut.numbers())
                && 2.0 * Sequences.common(question.hashes(), heldOut.words().hashes()) >= share * (length + shorter);
    }
}
