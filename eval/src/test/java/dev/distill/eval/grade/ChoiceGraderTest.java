package dev.distill.eval.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.task.Question;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceGraderTest {
    private static final Question QUESTION = Responses.question("C", "iron", "lead", "Cold water", "air");
    private final ChoiceGrader grader = new ChoiceGrader();

    private Graded grade(String answer) {
        return grader.grade(QUESTION, Responses.of(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It sinks.\n\nANSWER: C",
                "It sinks.\n**ANSWER: C**",
                "Answer: $C$",
                "Answer: $C",
                "The correct answer is (C).",
                "A is heavy, B too.\n\n\\boxed{C}",
                "\\boxed{\\text{C}}",
                "\\boxed{(C)}",
                "\\boxed{C) Cold water}",
                "C",
                "(C)",
                "C) Cold water",
                "So it must be (C).",
                "I first thought that the answer is A. But no.\nANSWER: C",
                "ANSWER: C\n\nANSWER: C",
                "\\boxed{\\text{cold water}}",
                "**Final answer:** C",
                "Thus:\ncold  water."
            })
    void readsTheChoice(String answer) {
        assertThat(grade(answer)).satisfies(graded -> {
            assertThat(graded.answer()).isEqualTo("C");
            assertThat(graded.grade()).isEqualTo(Grade.RIGHT);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ANSWER: A\nANSWER: C",
                "Answer: A or C",
                "ANSWER: A, C",
                "ANSWER: (B) and (C)",
                "I cannot tell.",
                "All four are possible, so I will not say.",
                "ANSWER: E"
            })
    void severalOrNoneAreNoAnswer(String answer) {
        Graded graded = grade(answer);
        assertThat(graded.grade()).isEqualTo(Grade.NO_ANSWER);
        assertThat(graded.answer()).isNull();
    }

    @Test
    void anotherLetterIsWrong() {
        assertThat(grade("ANSWER: B").grade()).isEqualTo(Grade.WRONG);
        assertThat(grade("ANSWER: B").reason()).isEqualTo("the right one is C");
        assertThat(grade("\\boxed{\\text{lead}}").answer()).isEqualTo("B");
    }

    @Test
    void aListOfOptionsBeforeTheAnswerIsNoChoice() {
        assertThat(grade("The options are:\nA)\nB)\n\nANSWER: C").grade()).isEqualTo(Grade.RIGHT);
    }

    @Test
    void whatDidNotEndIsNeverWrong() {
        assertThat(grader.grade(QUESTION, Responses.of("ANSWER: B", FinishReason.LENGTH, null))
                        .grade())
                .isEqualTo(Grade.TRUNCATED);
        assertThat(grader.grade(QUESTION, Responses.of("", FinishReason.STOP, "connection reset"))
                        .grade())
                .isEqualTo(Grade.INFRA_ERROR);
        assertThat(grader.grade(QUESTION, Responses.of("ANSWER: B", FinishReason.INSUFFICIENT_SYSTEM_RESOURCE, null))
                        .grade())
                .isEqualTo(Grade.INFRA_ERROR);
        assertThat(grade(" \n").grade()).isEqualTo(Grade.NO_ANSWER);
    }

    @Test
    void lettersVote() {
        List<Graded> graded = List.of(grade("ANSWER: B"), grade("\\boxed{C}"), grade("?"), grade("The answer is (C)."));
        assertThat(grader.classes(QUESTION, graded))
                .containsExactly(List.of(graded.get(1), graded.get(3)), List.of(graded.get(0)));
    }

    @Test
    void withoutOptionsTenLettersAreOnOffer() {
        assertThat(grader.grade(Responses.question("J"), Responses.of("ANSWER: J"))
                        .grade())
                .isEqualTo(Grade.RIGHT);
    }
}
