package dev.distill.teacher.embedded.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Prompt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemsTest {
    @ParameterizedTest
    @EnumSource(Difficulty.class)
    void trainingAndTestShareNothing(Difficulty difficulty) {
        Set<String> trained = new HashSet<>();
        for (Prompt prompt : new Problems(1, difficulty).training(8_000)) {
            trained.add(Problem.read(prompt.question()).orElseThrow().key());
        }
        for (Prompt prompt : new Problems(2, difficulty).heldOut(1_000)) {
            assertThat(trained)
                    .doesNotContain(
                            Problem.read(prompt.question()).orElseThrow().key());
        }
    }

    @Test
    void noQuestionTwiceAndTheSameOnesAgain() {
        List<Prompt> prompts = new Problems(7, Difficulty.STANDARD).training(5_000);

        assertThat(prompts.stream().map(Prompt::id)).doesNotHaveDuplicates();
        assertThat(new Problems(7, Difficulty.STANDARD).training(1_000)).isEqualTo(prompts.subList(0, 1_000));
        assertThat(new Problems(8, Difficulty.STANDARD).training(10)).isNotEqualTo(prompts.subList(0, 10));
    }

    /** 3,000 problems, a third of each family, drawn evenly from six forms: 167 each; 5 standard deviations are 59. */
    @Test
    void formsAreEquallyFrequent() {
        Map<String, Integer> forms = new HashMap<>();
        for (Prompt prompt : new Problems(9, Difficulty.STANDARD).training(3_000)) {
            forms.merge(shape(prompt.question()), 1, Integer::sum);
        }
        assertThat(forms).hasSize(18);
        assertThat(forms.values()).allSatisfy(count -> assertThat(count).isBetween(167 - 59, 167 + 59));
    }

    @ParameterizedTest
    @EnumSource(Difficulty.class)
    void numbersStayWithinTheirBounds(Difficulty difficulty) {
        for (Prompt prompt : new Problems(10, difficulty).training(3_000)) {
            Problem problem = Problem.read(prompt.question()).orElseThrow();
            assertThat(problem.expression().steps())
                    .as(prompt.question())
                    .allSatisfy(step -> assertThat(step.value()).isBetween(0L, (long) difficulty.largest()));
            assertThat(prompt.question().matches("(?s).*[0-9]{5}.*")).isFalse();
        }
    }

    /** What is left of a question without its numbers, names and choices of words. */
    private static String shape(String question) {
        return question.replaceAll("\\d+", "#")
                .replaceAll("#[xynk]|(?<=\\()[xynk]", "v")
                .replaceFirst("^(Compute|Evaluate|Calculate|Find the value of|What is(?= [#(])) ", "")
                .replaceFirst("^(Solve for .: |Solve |Find . if |What is . when )", "")
                .replaceAll("\\b(" + String.join("|", Template.PEOPLE) + ")\\b", "N")
                .replaceAll("\\b(" + String.join("|", Template.THINGS) + ")\\b", "o")
                .replaceAll("boxes|bags|packs|jars|lamps|chairs|shirts|toys|friends|children|people", "o")
                .replaceAll("[A-Z][a-z]+day", "day")
                .replaceAll("[.?]$", "");
    }
}
