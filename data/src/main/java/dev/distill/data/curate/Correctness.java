package dev.distill.data.curate;

import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Drops traces whose answer is wrong. A verdict that the trace already carries under the verifier's name, or that of one
 * which ran apart, is used, so that verifiers which need a sandbox can run beforehand; that of a judge model adds to these. What the
 * maker of a data set has found comes before all of them, where it is taken; who hands traces over sees to it that
 * such verdicts bear none of these names ({@link GivenVerdicts}).
 *
 * @param verifier decides where the trace carries none; its name is this filter's
 * @param apart names of the verifiers that ran apart
 * @param stated names of verdicts with which the traces came that decide, where they do; of several the first in this order
 * @param judged what a verdict named {@value #JUDGE} counts for
 * @param undecided what becomes of answers that cannot be decided
 */
public record Correctness(Verifier verifier, Set<String> apart, List<String> stated, Judged judged, Undecided undecided)
        implements TraceFilter {
    /** The name of a judge model's verdicts. */
    public static final String JUDGE = "judge";

    /** Policies for answers that the verifier cannot decide, or that have no reference. */
    public enum Undecided {
        KEEP,
        /** Keep those without a reference, drop those that have one and could not be shown to be right. */
        DROP_WITH_REFERENCE,
        DROP
    }

    /** How the reason begins where the answer may be right, and the policy drops it all the same. */
    private static final String UNDECIDED = "undecided: ";

    /** Policies for a judge model's verdicts. What the rules find right stays right under each. */
    public enum Judged {
        /** It decides what the rules leave undecided. */
        WHERE_UNDECIDED,
        /** Beside, what it finds right is right although the rules find it wrong. */
        OVERRULE_WRONG,
        /** It counts for nothing. */
        IGNORE
    }

    public Correctness {
        apart = Set.copyOf(apart);
        stated = List.copyOf(stated);
    }

    /** A judge decides what is undecided, where there is one. */
    public Correctness(Verifier verifier, Set<String> apart, Undecided undecided) {
        this(verifier, apart, List.of(), Judged.WHERE_UNDECIDED, undecided);
    }

    /** No verifier ran apart. */
    public Correctness(Verifier verifier, Undecided undecided) {
        this(verifier, Set.of(), undecided);
    }

    public Correctness withJudged(Judged value) {
        return new Correctness(verifier, apart, stated, value, undecided);
    }

    public Correctness withStated(List<String> names) {
        return new Correctness(verifier, apart, names, judged, undecided);
    }

    @Override
    public String name() {
        return verifier.name();
    }

    @Override
    public Verdict check(Trace trace) {
        Verdict rules = byRules(trace);
        Optional<Verdict> judge = judged == Judged.IGNORE ? Optional.empty() : last(trace, JUDGE::equals);
        Verdict verdict = judge.filter(said -> decides(said, rules)).orElse(rules);
        if (verdict.outcome() != Outcome.UNDECIDED || !drops(trace)) {
            return verdict;
        }
        String why = judge.map(said -> "; judge: " + said.reason()).orElse("");
        return Verdict.fail(verdict.by(), UNDECIDED + verdict.reason() + why);
    }

    /** What is found without a judge: what was stated, or else the last verdict of those that ran before, or else the verifier's own. */
    public Verdict byRules(Trace trace) {
        return stated.stream()
                .flatMap(name -> last(trace, name::equals).stream())
                .filter(verdict -> found(verdict) != Outcome.UNDECIDED)
                .findFirst()
                .or(() -> last(trace, by -> by.equals(name()) || apart.contains(by)))
                .orElseGet(() -> verifier.verify(trace));
    }

    private static Optional<Verdict> last(Trace trace, Predicate<String> by) {
        return trace.verdicts().stream()
                .filter(earlier -> by.test(earlier.by()))
                .reduce((first, second) -> second);
    }

    private boolean decides(Verdict judge, Verdict rules) {
        return switch (judge.outcome()) {
            case UNDECIDED -> false;
            case FAIL -> rules.outcome() == Outcome.UNDECIDED;
            case PASS ->
                rules.outcome() == Outcome.UNDECIDED
                        || (judged == Judged.OVERRULE_WRONG && rules.outcome() == Outcome.FAIL);
        };
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
