package dev.distill.data.curate;

import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.Set;

/**
 * Drops traces whose answer is wrong. A verdict that the trace already carries under the verifier's name, or that of one
 * which ran apart, is used, so that verifiers which need a sandbox or a judge can run beforehand.
 *
 * @param verifier decides where the trace carries none; its name is this filter's
 * @param apart names of the verifiers that ran apart
 * @param undecided what becomes of answers that cannot be decided
 */
public record Correctness(Verifier verifier, Set<String> apart, Undecided undecided) implements TraceFilter {
    /** Policies for answers that the verifier cannot decide, or that have no reference. */
    public enum Undecided {
        KEEP,
        /** Keep those without a reference, drop those that have one and could not be shown to be right. */
        DROP_WITH_REFERENCE,
        DROP
    }

    /** How the reason begins where the answer may be right, and the policy drops it all the same. */
    private static final String UNDECIDED = "undecided: ";

    public Correctness {
        apart = Set.copyOf(apart);
    }

    /** No verifier ran apart. */
    public Correctness(Verifier verifier, Undecided undecided) {
        this(verifier, Set.of(), undecided);
    }

    @Override
    public String name() {
        return verifier.name();
    }

    @Override
    public Verdict check(Trace trace) {
        Verdict verdict = trace.verdicts().stream()
                .filter(earlier -> earlier.by().equals(name()) || apart.contains(earlier.by()))
                .reduce((first, second) -> second)
                .orElseGet(() -> verifier.verify(trace));
        return verdict.outcome() == Outcome.UNDECIDED && drops(trace)
                ? Verdict.fail(verdict.by(), UNDECIDED + verdict.reason())
                : verdict;
    }

    /** Whether the answer was found right, by a verdict of this filter, whatever the policy makes of those that nobody can decide. */
    static Outcome found(Verdict verdict) {
        return verdict.outcome() == Outcome.FAIL && verdict.reason().startsWith(UNDECIDED)
                ? Outcome.UNDECIDED
                : verdict.outcome();
    }

    private boolean drops(Trace trace) {
        return switch (undecided) {
            case KEEP -> false;
            case DROP_WITH_REFERENCE -> trace.reference() != null;
            case DROP -> true;
        };
    }
}
