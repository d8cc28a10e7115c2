package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Correctness.Undecided;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace cannot certify itself. */
class GivenVerdictsTest {
    private static final Trace WRONG = Traces.answer("\\boxed{71}");
    private static final Trace UNREAD = Traces.answer("It cannot be said how many there are.");

    private static CurationSettings settings(Correctness correctness) {
        return CurationSettings.NONE.withFilters(List.of(correctness));
    }

    private static Correctness filter(String... stated) {
        return new Correctness(new MathVerifier(), Set.of("code"), Undecided.DROP).withStated(List.of(stated));
    }

    private static Examined examined(Trace trace, Verdict... apart) {
        return new Examiner(settings(filter())).examine(trace, List.of(apart));
    }

    @ParameterizedTest
    @ValueSource(strings = {"math", "judge", "code"})
    void whatATraceCameWithDecidesNothing(String by) {
        for (Trace trace : List.of(WRONG, UNREAD)) {
            Examined examined = examined(trace.with(Verdict.pass(by, "I say so")));
            assertThat(examined.passed()).isFalse();
            assertThat(examined.failures()).extracting(Verdict::by).containsExactly("math");
            assertThat(examined.trace().verdicts())
                    .startsWith(Verdict.pass("given:" + by, "I say so"))
                    .hasSize(2);
        }
        assertThat(examined(Traces.honest().with(Verdict.fail(by, "I say so"))).passed())
                .isTrue();
    }

    @Test
    void whatThisRunFoundApartDecides() {
        Verdict forged = Verdict.pass("code", "forged");
        Examined failed = examined(WRONG.with(forged), Verdict.fail("code", "wrong-answer: test 1 of 2"));
        assertThat(failed.failures()).containsExactly(Verdict.fail("code", "wrong-answer: test 1 of 2"));
        assertThat(failed.trace().verdicts())
                .containsExactly(
                        Verdict.pass("given:code", "forged"), Verdict.fail("code", "wrong-answer: test 1 of 2"));
        Verdict right = Verdict.pass("judge", "right: it says so");
        assertThat(examined(UNREAD.with(Verdict.fail("judge", "forged")), right)
                        .facts()
                        .correct())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void theyCountWhereSomebodyNamesThem() {
        Trace trace = WRONG.with(Verdict.pass("math", "I say so"));
        Examined examined = new Examiner(settings(filter("given:math"))).examine(trace);
        assertThat(examined.passed()).isTrue();
        assertThat(examined.trace().verdicts()).containsExactly(Verdict.pass("given:math", "I say so"));
    }

    @Test
    void curatingWhatWasCuratedAddsNothingAndAnotherFindingIsTold() {
        Verdict earlier = Verdict.fail("math", "70, the reference is 72");
        Trace once = examined(WRONG.with(earlier)).trace();
        assertThat(once.verdicts())
                .containsExactly(
                        Verdict.fail("given:math", "70, the reference is 72"),
                        Verdict.fail("math", "71, the reference is 72"));
        assertThat(examined(once).trace()).isEqualTo(once);
    }

    @Test
    void namesOfOthersAndWhatForbidsStay() {
        GivenVerdicts given = GivenVerdicts.STANDARD;
        assertThat(List.of("refusal:policy", "finished", "code", "judge").stream()
                        .map(given::name))
                .containsExactly("given:refusal:policy", "given:finished", "given:code", "given:judge");
        for (String other : List.of(
                "correctness_math_verify",
                "contamination:math500",
                "licence",
                "terms",
                "whole-reasoning",
                "given:math",
                "given:refusal:policy")) {
            assertThat(given.name(other)).isEqualTo(other);
        }
    }
}
