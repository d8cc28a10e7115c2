package dev.distill.eval.manner;

import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Optional;

/** One thing that can be said of a response, as a number: a column of reports. */
public sealed interface Measure
        permits MixedLanguages,
                Repetitive,
                Unreadable,
                Refusing,
                Reciting,
                SelfNaming,
                ReasoningLength,
                AnswerLength,
                Tokens,
                Seconds {

    /** What its numbers count. */
    enum Unit {
        /** 1 where it is so, 0 where not; the column is the share of responses. */
        SHARE,
        CHARACTERS,
        TOKENS,
        SECONDS
    }

    /**
     * What was found in one response.
     *
     * @param value in the measure's unit
     * @param why for people, the words that decided; may be empty
     */
    record Finding(double value, String why) {
        /** The first failure of a filter counts as 1; empty where the filter could not decide. */
        static Optional<Finding> of(List<Verdict> verdicts) {
            for (Verdict verdict : verdicts) {
                if (verdict.outcome() == Verdict.Outcome.FAIL) {
                    return Optional.of(new Finding(1, verdict.reason()));
                }
            }
            boolean decided = verdicts.stream().anyMatch(one -> one.outcome() == Verdict.Outcome.PASS);
            return decided ? Optional.of(new Finding(0, "")) : Optional.empty();
        }
    }

    /** Its column in JSON. */
    String name();

    /** Its column for people. */
    String title();

    Unit unit();

    /** Empty where nothing can be said: a response without words has no language. */
    Optional<Finding> of(Reply reply);

    /** All of them, in the order of reports. */
    static List<Measure> all() {
        return List.of(
                new MixedLanguages(),
                new Repetitive(),
                new Unreadable(),
                new Refusing(),
                new Reciting(),
                new SelfNaming(),
                new ReasoningLength(),
                new AnswerLength(),
                new Tokens(),
                new Seconds());
    }
}
