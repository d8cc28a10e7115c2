package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Correctness.Judged;
import dev.distill.data.curate.Correctness.Undecided;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a judge model's verdict and the rules' become one. */
class CorrectnessTest {
    private static final Trace RIGHT = Traces.answer("\\boxed{72}");
    private static final Trace WRONG = Traces.answer("\\boxed{71}");
    private static final Trace UNDECIDED = Traces.answer("It cannot be said how many there are.");

    private static Correctness filter(Judged judged) {
        return new Correctness(new MathVerifier(), Undecided.KEEP).withJudged(judged);
    }

    private static Trace trace(Outcome rules) {
        return switch (rules) {
            case PASS -> RIGHT;
            case FAIL -> WRONG;
            case UNDECIDED -> UNDECIDED;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "where-undecided, PASS, FAIL, PASS, math",
        "where-undecided, PASS, UNDECIDED, PASS, math",
        "where-undecided, FAIL, PASS, FAIL, math",
        "where-undecided, UNDECIDED, PASS, PASS, judge",
        "where-undecided, UNDECIDED, FAIL, FAIL, judge",
        "where-undecided, UNDECIDED, UNDECIDED, UNDECIDED, math",
        "overrule-wrong, PASS, FAIL, PASS, math",
        "overrule-wrong, FAIL, PASS, PASS, judge",
        "overrule-wrong, FAIL, FAIL, FAIL, math",
        "overrule-wrong, FAIL, UNDECIDED, FAIL, math",
        "overrule-wrong, UNDECIDED, PASS, PASS, judge",
        "overrule-wrong, UNDECIDED, FAIL, FAIL, judge",
        "ignore, UNDECIDED, PASS, UNDECIDED, math",
        "ignore, UNDECIDED, FAIL, UNDECIDED, math",
        "ignore, FAIL, PASS, FAIL, math",
    })
    void everyCombination(String policy, Outcome rules, Outcome judge, Outcome both, String by) {
        Correctness filter =
                filter(Judged.valueOf(policy.toUpperCase(java.util.Locale.ROOT).replace('-', '_')));
        assertThat(filter.byRules(trace(rules)).outcome()).isEqualTo(rules);
        Verdict verdict = filter.check(trace(rules).with(new Verdict("judge", judge, "its reason")));
        assertThat(verdict.outcome()).isEqualTo(both);
        assertThat(verdict.by()).isEqualTo(by);
    }

    @Test
    void theJudgeAddsToAVerifierThatRanApart() {
        Correctness filter = new Correctness(new MathVerifier(), Set.of("code"), Undecided.DROP);
        Trace untested = RIGHT.with(Verdict.undecided("code", "no-toolchain: no g++"));
        assertThat(filter.check(untested.with(Verdict.pass("judge", "right: it would run"))))
                .isEqualTo(Verdict.pass("judge", "right: it would run"));
        assertThat(filter.check(WRONG.with(Verdict.pass("code", "passed: 9 tests"))
                        .with(Verdict.fail("judge", "wrong: it says 71"))))
                .isEqualTo(Verdict.pass("code", "passed: 9 tests"));
    }

    /** What the maker of a data set has found, where it is taken. */
    @Test
    void whatIsStatedDecidesWhereItDoesAndTheFirstNameCountsMost() {
        Correctness filter = filter(Judged.OVERRULE_WRONG).withStated(List.of("checked", "graded"));
        Verdict checked = Verdict.pass("checked", "the data set says so");
        Verdict graded = Verdict.fail("graded", "the data set says so");
        assertThat(filter.check(WRONG.with(graded).with(checked))).isEqualTo(checked);
        assertThat(filter.check(RIGHT.with(graded))).isEqualTo(graded);
        assertThat(filter.check(RIGHT.with(Verdict.undecided("checked", "?")).with(graded)))
                .isEqualTo(graded);
        assertThat(filter.check(WRONG.with(Verdict.undecided("checked", "?"))).by())
                .isEqualTo("math");
        assertThat(filter.check(UNDECIDED.with(graded).with(Verdict.pass("judge", "right")))
                        .by())
                .as("a judge may overrule it as it may the rules")
                .isEqualTo("judge");
        Correctness untold = filter(Judged.OVERRULE_WRONG);
        assertThat(untold.check(WRONG.with(checked)).outcome()).isEqualTo(Outcome.FAIL);
    }

    /** An earlier curation's policy decides nothing, where its verdicts are taken. */
    @Test
    void whatAnEarlierPolicyMadeAFailureIsUndecidedStill() {
        Verdict dropped = new Correctness(new MathVerifier(), Undecided.DROP_WITH_REFERENCE).check(UNDECIDED);
        Trace curated = GivenVerdicts.STANDARD.of(UNDECIDED.with(dropped));
        Correctness taking = filter(Judged.WHERE_UNDECIDED).withStated(List.of("given:math"));

        assertThat(dropped.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(taking.check(curated).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(taking.check(curated.with(Verdict.pass("judge", "right"))).outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void whatBothLeaveUndecidedIsDroppedWithBothReasons() {
        Correctness filter = new Correctness(new MathVerifier(), Undecided.DROP_WITH_REFERENCE);
        Verdict verdict = filter.check(UNDECIDED.with(Verdict.undecided("judge", "unreadable: no JSON object")));
        assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(verdict.by()).isEqualTo("math");
        assertThat(verdict.reason()).startsWith("undecided: ").endsWith("; judge: unreadable: no JSON object");
    }
}
