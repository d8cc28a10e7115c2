package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** As teachers write the letter, against each of the ways in which references are written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(B)",
                "B",
                "B.",
                "B)",
                "B. the second one",
                "(B) 12 apples",
                "**B**",
                "Answer: B",
                "The answer is B",
                "The answer is B.",
                "the answer is (B) because it is twice as long as A.",
                "The correct answer is **B**.",
                "The answer is option B.",
                "So the final answer is (B).",
                "Therefore \\boxed{B}",
                "Therefore $\\boxed{\\text{B}}$.",
                "Hence \\boxed{\\textbf{(B) }12}",
                "\\boxed{\\mathrm{(B)}}",
                "\\boxed{B. 12}",
                "I choose B.",
                "The right option is B.",
                "Correct choice: (B)",
                "**Final Answer:** $\\boxed{\\textbf{(B)}}$",
                "**Final Answer:** \\[ \\boxed{\\textbf{(B)}} \\]",
                "**Final Answer:** \\(\\boxed{B}\\)",
                "\\boxed{{\\text{B}}}",
            })
    void aLetterIsGradedHoweverItIsWritten(String completion) {
        for (String reference : List.of("B", "(B)", "\\text{B}")) {
            assertThat(verifier.verify(reference, completion).outcome())
                    .as("%s for %s", completion, reference)
                    .isEqualTo(Outcome.PASS);
        }
        assertThat(verifier.verify("C", completion).outcome()).as(completion).isNotEqualTo(Outcome.PASS);
        assertThat(ChoiceLetter.in(completion, "ABCD")).as(completion).contains("B");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            42 ~ The answer is 42 times 2.
            2 ~ The answer is 2 to the power of 10.
            2 ~ The answer is $2$ to the power of $10$.
            2 ~ The answer is 2 and a half hours.
            5 ~ The answer is 5 or more of them.
            5 ~ The answer is 5 out of 8 of them.
            50 ~ The answer is 50% of 200.
            5 ~ So \\boxed{5} \\cdot 10^3.
            5 ~ So \\boxed{5} times 2.
            5 ~ So $-\\boxed{5}$.
            5 ~ So $\\sqrt{\\boxed{5}}$.
            42 ~ It cannot be 42.
            42 ~ The answer isn't 42.
            42 ~ The number that we want here is certainly not $42$.
            42 ~ A wrong answer is 42.
            B ~ It cannot be (B).
            C ~ It is neither (A) nor (C).
            B ~ It is (C), not (B).
            B ~ We looked at (A) and at (B), and the second one is wrong.
            B ~ I would not choose B.
            B ~ Do not pick (B).
            B ~ The wrong answer is B.
            A ~ (A) is false. (B) is false. Thus (C).
            """)
    void whatIsDeniedOrGoesOnIsNotTheAnswer(String reference, String completion) {
        assertThat(verifier.verify(reference, completion).outcome())
                .as(completion)
                .isNotEqualTo(Outcome.PASS);
    }

    @Test
    void aDenialElsewhereTakesNothingAway() {
        assertThat(verifier.verify("B", "It cannot be (A). So the one to take must be (B).")
                        .outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(verifier.verify("C", "(A) is false. (B) is false. Thus (C).").outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(verifier.verify("43", "It is not 42 but 43").outcome()).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The answer is C, not (B).",
                "\\boxed{C} and I would never choose B.",
                "B is wrong, so I pick C.",
                "The answer is B + C.",
                "\\boxed{B, C}",
                "\\boxed{(B), (C)}",
                "\\boxed{\\text{(B) and (C)}}",
                "The answer is (B) and (C).",
                "Bob has it.",
                "A B C D",
            })
    void anotherLetterOrNoneIsNotAccepted(String completion) {
        assertThat(verifier.verify("B", completion).outcome()).as(completion).isNotEqualTo(Outcome.PASS);
    }
}
