package dev.distill.eval.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.grade.InstructionGrader.Followed;
import dev.distill.eval.task.Question;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstructionGraderTest {
    private static final String TWO = """
            {"instructions": [
              {"id": "punctuation:no_comma", "arguments": {}},
              {"id": "combination:repeat_prompt", "arguments": {"prompt_to_repeat": "Say hello."}}]}
            """;

    private static final Question QUESTION = Responses.question(TWO);
    private final InstructionGrader grader = new InstructionGrader();

    @Test
    void rightIsWhoObeysAllStrictly() {
        Graded graded = grader.grade(QUESTION, Responses.of("Say hello.\nHello!"));
        assertThat(graded.grade()).isEqualTo(Grade.RIGHT);
        assertThat(graded.reason()).isEqualTo("strict 2 of 2, loose 2 of 2");
    }

    @Test
    void whatOnlyALooserFormObeysIsWrongAndSaid() {
        Graded graded = grader.grade(QUESTION, Responses.of("Sure, here you are:\nSay hello.\nHello!"));
        assertThat(graded.grade()).isEqualTo(Grade.WRONG);
        assertThat(graded.reason())
                .isEqualTo("strict 0 of 2, loose 2 of 2; not punctuation:no_comma, combination:repeat_prompt");
    }

    @Test
    void looseFormsAreWithoutFirstAndLastLineAndAsterisks() {
        assertThat(InstructionGrader.check(TWO, "**Say hello.** Hello!\nBye, bye"))
                .containsExactly(
                        new Followed("punctuation:no_comma", false, true),
                        new Followed("combination:repeat_prompt", false, true));
    }

    @Test
    void aKindThatNobodyKnowsIsNotTheModelsFault() {
        Question unknown = Responses.question("{\"instructions\": [{\"id\": \"be:nice\", \"arguments\": {}}]}");
        Graded graded = grader.grade(unknown, Responses.of("Hello"));
        assertThat(graded.grade()).isEqualTo(Grade.INFRA_ERROR);
        assertThat(graded.reason()).isEqualTo("instruction: there is no kind be:nice that can be checked");
        assertThat(grader.grade(Responses.question("none"), Responses.of("Hello"))
                        .grade())
                .isEqualTo(Grade.INFRA_ERROR);
    }

    @Test
    void reasoningIsNotLookedAt() {
        // Responses.of reasons "thinking", which does not begin with the request
        assertThat(grader.grade(QUESTION, Responses.of("Say hello.")).grade()).isEqualTo(Grade.RIGHT);
        assertThat(grader.classes(QUESTION, List.of())).isEmpty();
    }
}
