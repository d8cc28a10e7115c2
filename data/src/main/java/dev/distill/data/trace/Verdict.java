package dev.distill.data.trace;

import java.util.Locale;

/**
 * What one check found out about a trace.
 *
 * @param by the check's name, for example {@code math} or {@code language}
 * @param outcome what it found
 * @param reason one line for a person: the value that decided
 */
public record Verdict(String by, Outcome outcome, String reason) {
    /** The kinds of findings. */
    public enum Outcome {
        /** Checked and right. */
        PASS,
        /** Checked and wrong. */
        FAIL,
        /** Not decidable by this check: no reference, no answer that can be read. */
        UNDECIDED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Verdict pass(String by, String reason) {
        return new Verdict(by, Outcome.PASS, reason);
    }

    public static Verdict fail(String by, String reason) {
        return new Verdict(by, Outcome.FAIL, reason);
    }

    public static Verdict undecided(String by, String reason) {
        return new Verdict(by, Outcome.UNDECIDED, reason);
    }
}
