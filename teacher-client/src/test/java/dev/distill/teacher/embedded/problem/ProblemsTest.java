package dev.distill.teacher.embedded.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.trace.Prompt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** Three families in turn, each of whose forms has the same chance; five standard deviations of the binomial. */
    @ParameterizedTest
    @CsvSource({"STANDARD, 6, 4", "HARD, 10, 6"})
    void formsAreEquallyFrequent(Difficulty difficulty, int arithmetic, int equations) {
        Map<String, Integer> forms = new HashMap<>();
        for (Prompt prompt : new Problems(9, difficulty).training(3_000)) {
            forms.merge(shape(prompt.question()), 1, Integer::sum);
        }
        int stories = difficulty == Difficulty.STANDARD ? 6 : 8;
        assertThat(forms).hasSize(arithmetic + equations + stories);
        forms.forEach((shape, count) -> {
            int alike =
                    shape.contains("=") ? equations : shape.contains("o") || shape.contains("N") ? stories : arithmetic;
            double chance = 1.0 / alike;
            assertThat((double) count)
                    .as(shape)
                    .isCloseTo(1_000 * chance, within(5 * Math.sqrt(1_000 * chance * (1 - chance))));
        });
    }

    @Test
    void thereAreFarMoreQuestionsThanTheDemoNeeds() {
        assertThat(new Problems(10, Difficulty.STANDARD)
                        .training(60_000).stream().map(Prompt::question).distinct())
                .hasSize(60_000);
    }

    /** The numbers of each step, as the columns show them to the student. */
    @ParameterizedTest
    @EnumSource(Difficulty.class)
    void everyStepHasItsWidths(Difficulty difficulty) {
        Set<String> widths = new HashSet<>();
        for (Prompt prompt : new Problems(10, difficulty).training(6_000)) {
            Problem problem = Problem.read(prompt.question()).orElseThrow();
            List<Step> steps = problem.expression().steps();
            steps.forEach(step -> widths.add((step.text() + "=" + step.value()).replaceAll("[0-9]", "#")));
            assertThat(steps).hasSizeBetween(2, difficulty == Difficulty.STANDARD ? 2 : 3);
        }
        assertThat(widths)
                .containsExactlyInAnyOrder("##+##=###", "###+##=###", "##-##=##", "###-##=###", "##*#=###", "###/#=##");
    }

    /** What is left of a question without its numbers, names and choices of words. */
    private static String shape(String question) {
        return question.replaceAll("\\d+", "#")
                .replaceAll("#[xynk]|(?<=\\()[xynk]", "v")
                .replaceFirst("^(Compute|Evaluate|Calculate|What is(?= [#(])) ", "")
                .replaceFirst("^(Solve for .: |Find . if |What is . when )", "")
                .replaceAll("\\b(" + String.join("|", Template.PEOPLE) + ")\\b", "N")
                .replaceAll("\\b(" + String.join("|", Template.THINGS) + ")\\b", "o")
                .replaceAll("boxes|bags|packs|friends|children|people", "o")
                .replaceAll("[A-Z][a-z]+day", "day")
                .replaceAll("[.?]$", "");
    }
}
