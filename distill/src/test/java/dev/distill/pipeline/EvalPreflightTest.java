package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of an evaluation before a run of hours begins. */
class EvalPreflightTest {
    @TempDir
    Path folder;

    private EvalScene scene;

    @BeforeEach
    void begin() {
        scene = new EvalScene(folder);
    }

    private List<String> problems(Map<String, String> more) throws IOException {
        Map<String, String> options = new HashMap<>(Map.of("name", "e", "eval.answers", "", "seed", "1"));
        options.put("eval.answers", scene.sums("answers", 1).toString());
        options.putAll(more);
        Recipe recipe = Recipe.read(null, options);
        return EvalPreflight.of(recipe, recipe.eval().orElseThrow());
    }

    @Test
    void nothingIsWrongWithAnEvaluationThatCanBe() throws IOException {
        assertThat(problems(Map.of("eval.tasks", scene.sums("one", 1).toString())))
                .isEmpty();
    }

    @Test
    void allThatIsMissingIsToldAtOnce() throws IOException {
        Path judged = scene.task("judged", 1, "judge");
        assertThat(problems(Map.of(
                        "eval.tasks", "math-500,aime2024," + judged,
                        "eval.data", folder.resolve("no-data").toString(),
                        "eval.answers", folder.resolve("none.jsonl").toString(),
                        "eval.against", folder.resolve("no-run").toString())))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("eval.data: there is no such folder; got ")
                        .endsWith("no-data"))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("eval.tasks: task math-500: its data is not on this disk; looked for ")
                        .contains("get the data set HuggingFaceH4/MATH-500 of the hub"))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("eval.tasks: there is no such file, and no task is called so; got ")
                        .contains("did you mean aime24?", "Tasks are aime24, aime25, ", "ifeval"))
                .anySatisfy(problem -> assertThat(problem)
                        .isEqualTo("verify.judge: is missing; the answers to task judged are judged by a model"))
                .anySatisfy(problem -> assertThat(problem).startsWith("eval.answers: there is no such file; got "))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("eval.against: must be base, or the folder of a run; there is no folder "))
                .hasSize(6);
    }

    @Test
    void rowsThatCannotBeUsedAreToldBeforeTheRun() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jsonl"), "{\"question\": \"What is 1 + 1?\"}\n");
        assertThat(problems(Map.of("eval.tasks", broken.toString())))
                .singleElement()
                .asString()
                .startsWith("eval.tasks: ")
                .contains("broken.jsonl", "reference");
    }

    @Test
    void aJudgeNeedsItsKeyAndABudgetInItsCurrency() throws IOException {
        Path judged = scene.task("judged", 1, "judge");
        assertThat(problems(Map.of(
                        "eval.tasks", judged.toString(),
                        "verify.judge.url", "https://example.invalid/v1",
                        "verify.judge.model", "j",
                        "verify.judge.key-env", "DISTILL_NO_SUCH_KEY",
                        "verify.judge.tariff", scene.tariff("j").toString(),
                        "verify.judge.budget", "1.00 CNY")))
                .satisfiesExactly(
                        key -> assertThat(key)
                                .startsWith("verify.judge.key-env: ")
                                .contains("DISTILL_NO_SUCH_KEY"),
                        budget -> assertThat(budget)
                                .isEqualTo("verify.judge.budget: must be in the tariff's currency, USD; got 1 CNY"));
    }

    @Test
    void agreementNeedsAJudge() throws IOException {
        assertThat(problems(Map.of("eval.tasks", scene.sums("one", 1).toString(), "eval.agreement", "true")))
                .containsExactly(
                        "verify.judge: is missing; eval.agreement compares its judgements with those of rules");
    }

    @Test
    void anotherRunMustHaveBeenAskedTheSame() throws IOException {
        Path run = Files.createDirectories(folder.resolve("other"));
        Map<String, String> recipe =
                Map.of("eval.tasks", scene.sums("one", 1).toString(), "eval.against", run.toString());
        assertThat(problems(recipe)).singleElement().asString().contains("has no evaluation that has ended");
        Files.writeString(Files.createDirectories(run.resolve("eval/two")).resolve("responses.jsonl"), "");
        Files.writeString(run.resolve("eval/manifest.json"), "{}");
        assertThat(problems(recipe))
                .singleElement()
                .asString()
                .contains("was asked none of the tasks of this one, one;");
    }

    @Test
    void namesOfTasksAreTheirFoldersAlone() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other")).resolve("one.jsonl");
        Files.copy(scene.sums("one", 1), other);
        assertThat(problems(Map.of("eval.tasks", folder.resolve("one.jsonl") + "," + other)))
                .singleElement()
                .asString()
                .startsWith("eval.tasks: two tasks are called one");
        assertThat(problems(Map.of("eval.tasks", scene.sums("against", 1).toString())))
                .singleElement()
                .asString()
                .startsWith("eval.tasks: no task can be called against");
    }

    @Test
    void programsNeedASandbox() throws IOException {
        assertThat(problems(
                        Map.of("eval.tasks", scene.task("programs", 1, "code").toString())))
                .containsExactly("verify.sandbox: must be bubblewrap, for the answers to task programs are programs"
                        + " that are run; got none");
    }
}
