package dev.distill.data.curate;

/**
 * A span of words that stands several times in a row. Structured working repeats short phrases too, but its numbers move
 * on from step to step; so a span without numbers counts sooner as a loop than one with numbers, and a long span sooner
 * than a short one. A step on single digits (0 + 0 = 0, write 0, carry 0) can stand as often as the numbers have digits,
 * and once more for the check.
 *
 * @param words the text
 * @param end where the last round ends
 * @param period words of a round
 * @param covered words of all rounds together
 */
record Loop(Words words, int end, int period, int covered) {
    /** From this many words on a span is no phrase of working, and from this many on it is a derivation. */
    private static final int LONG_SPAN = 12;

    private static final int DERIVATION = 24;

    /** A row of numbers without signs, and one of sums or products: 5, 5, 5 or 1 + 1 + 1 may be honest. */
    private static final int NUMBERS = 9;

    private static final int DIGITS = 64;

    private static final int TERMS = 128;

    private static final long EQUALS = Spelling.hash("=");

    /** A word that is no part of a formula; a character of a script without spaces is half a word. */
    static boolean isProse(Words words, int index) {
        return !words.isSymbol(index) || isUnspaced(words, index);
    }

    private static boolean isUnspaced(Words words, int index) {
        return words.isUnspaced(index);
    }

    /** Words of prose in a round. */
    int prose() {
        int prose = 0;
        for (int i = end - period; i < end; i++) {
            prose += isProse(words, i) ? 1 : 0;
        }
        return prose;
    }

    int rounds() {
        return covered / period;
    }

    String text() {
        return words.brief(end - period, end, 60);
    }

    /**
     * How many rounds are honest.
     *
     * @param phrase of a phrase of a few words without numbers
     * @param digits of the longest number in question and reply
     */
    int allowed(int phrase, int digits) {
        int numbers = 0;
        int longNumbers = 0;
        int signs = 0;
        int prose = prose();
        boolean equation = false;
        for (int i = end - period; i < end; i++) {
            numbers += words.isNumber(i) ? 1 : 0;
            longNumbers += words.isLongNumber(i) ? 1 : 0;
            signs += words.isSign(i) ? 1 : 0;
            equation |= words.hash(i) == EQUALS;
        }
        if (prose == 0 && !equation) {
            return signs > 0 || numbers == 0 ? TERMS : longNumbers > 0 ? NUMBERS : DIGITS;
        }
        if (numbers > 0) {
            return ofWorking(phrase, digits, longNumbers, 2 * prose >= period);
        }
        int length = isUnspaced(words, end - 1) ? (period + 1) / 2 : period;
        if (length >= LONG_SPAN) {
            return 1;
        }
        return length >= 6 ? phrase - 1 : length >= 4 ? phrase : phrase + 1;
    }

    private int ofWorking(int phrase, int digits, int longNumbers, boolean mainlyProse) {
        if (period >= DERIVATION || (period >= LONG_SPAN && mainlyProse && longNumbers >= 1)) {
            return 1;
        }
        return longNumbers > 1 ? phrase - 1 : Math.max(phrase + longNumbers, digits + 1);
    }
}
