package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class MathVerifierTest {
    private final MathVerifier verifier = new MathVerifier();

    @Test
    void saysPassFailOrUndecidedWithAReason() {
        assertThat(verifier.verify("72", "She sold 48 + 24 = \\boxed{72} clips."))
                .isEqualTo(Verdict.pass("math", "the same text"));
        assertThat(verifier.verify("72", "\\boxed{71}")).isEqualTo(Verdict.fail("math", "71, the reference is 72"));
        assertThat(verifier.verify("72", "I cannot tell from what is given here.")
                        .outcome())
                .isEqualTo(Outcome.UNDECIDED);
        assertThat(verifier.verify("72", "\\boxed{9^{9^{9^9}}}"))
                .isEqualTo(Verdict.undecided("math", "too much work: a power of more than 20000 bits"));
    }

    @Test
    void equalAnswersVoteTogether() {
        List<AnswerClasses.AnswerClass> classes = AnswerClasses.of(List.of(
                "\\boxed{2}",
                "The answer is 0.5.", "no idea at all, to be honest", "\\boxed{1/2}", "\\boxed{\\frac12}"));
        assertThat(classes)
                .containsExactly(
                        new AnswerClasses.AnswerClass("0.5", List.of(1, 3, 4)),
                        new AnswerClasses.AnswerClass("2", List.of(0)));
    }

    @Test
    void readsTheLetterOfAChoice() {
        assertThat(ChoiceLetter.in("So \\boxed{\\text{C}}", "ABCD")).contains("C");
        assertThat(ChoiceLetter.in("The answer is (B) because A is wrong.", "ABCD"))
                .contains("B");
        assertThat(ChoiceLetter.in("D", "ABCD")).contains("D");
        assertThat(ChoiceLetter.in("A good question.", "ABCD")).isEmpty();
    }
}
