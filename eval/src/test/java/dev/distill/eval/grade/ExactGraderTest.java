package dev.distill.eval.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.task.Question;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactGraderTest {
    private static final Question QUESTION = Responses.question("New  Delhi");
    private final ExactGrader grader = new ExactGrader();

    private Graded grade(String answer) {
        return grader.grade(QUESTION, Responses.of(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "New Delhi",
                "new delhi.",
                "  \"New\u00a0Delhi\" ",
                "\\boxed{\\text{New Delhi}}",
                "India's capital moved in 1911.\n\n**New Delhi**",
                "The answer is New Delhi."
            })
    void formsThatDoNotMatter(String answer) {
        assertThat(grade(answer).grade()).isEqualTo(Grade.RIGHT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Delhi", "New Delhi or Mumbai", "New-Delhi", "\\boxed{Mumbai}"})
    void whatIsAnotherTextIsWrong(String answer) {
        assertThat(grade(answer).grade()).isEqualTo(Grade.WRONG);
    }

    @Test
    void formsVoteTogether() {
        List<Graded> graded = List.of(grade("Mumbai"), grade("New Delhi"), grade("NEW DELHI."));
        assertThat(grader.classes(QUESTION, graded))
                .containsExactly(List.of(graded.get(1), graded.get(2)), List.of(graded.get(0)));
    }
}
