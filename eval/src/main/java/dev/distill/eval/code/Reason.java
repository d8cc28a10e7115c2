package dev.distill.eval.code;

import dev.distill.data.trace.Verdict.Outcome;
import java.util.Locale;

/** What became of a program, in one word to count by. */
public enum Reason {
    PASSED(Outcome.PASS),
    WRONG_ANSWER(Outcome.FAIL),
    TIME_LIMIT(Outcome.FAIL),
    MEMORY_LIMIT(Outcome.FAIL),
    OUTPUT_LIMIT(Outcome.FAIL),
    /** It crashed, or ended with another code than 0. */
    RUNTIME_ERROR(Outcome.FAIL),
    COMPILE_ERROR(Outcome.FAIL),
    /** The answer has no block of code. */
    NO_CODE(Outcome.UNDECIDED),
    /** The reference has no tests that can be read. */
    NO_TESTS(Outcome.UNDECIDED),
    /** This machine cannot run the answer's language. */
    NO_TOOLCHAIN(Outcome.UNDECIDED),
    /** All tests so far were passed, but there are so many that the time for one answer is over. */
    DEADLINE(Outcome.UNDECIDED);

    private final Outcome outcome;

    Reason(Outcome outcome) {
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
