package dev.distill.eval.code;

import dev.distill.data.trace.Verdict;

/**
 * What was found out about one answer.
 *
 * @param test the number of the test that decided, from 1; 0 where none did
 * @param tests how many there are
 * @param detail one line for a person, perhaps empty
 */
public record Finding(Reason reason, int test, int tests, String detail) {
    private static final int LONGEST = 300;

    static Finding before(Reason reason, String detail) {
        return new Finding(reason, 0, 0, detail);
    }

    /** The word, the test, the detail. */
    public Verdict verdict(String by) {
        StringBuilder text = new StringBuilder(reason.word());
        if (test > 0) {
            text.append(": test ").append(test).append(" of ").append(tests);
        }
        if (!detail.isBlank()) {
            text.append(": ").append(oneLine(detail));
        }
        return new Verdict(by, reason.outcome(), text.toString());
    }

    /** Shortened, with what is not printed replaced by spaces. */
    static String oneLine(String text) {
        String line = text.strip().replaceAll("[\\s\\p{C}]+", " ").strip();
        if (line.length() <= LONGEST) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return line.substring(0, end) + "...";
    }
}
