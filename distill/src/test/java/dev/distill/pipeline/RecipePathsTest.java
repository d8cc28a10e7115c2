package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.curate.Correctness;
import dev.distill.data.curate.FilterRule;
import dev.distill.data.curate.NonEmpty;
import dev.distill.data.intake.PromptFormat;
import dev.distill.hub.DataSource;
import dev.distill.hub.HubId;
import dev.distill.hub.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From where a recipe's paths are seen, and what its curation keys come to. */
class RecipePathsTest {
    private final Path folder;
    private final Path recipe;

    RecipePathsTest(@TempDir Path folder) {
        this.folder = folder;
        this.recipe = folder.resolve("recipe.yaml");
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(recipe, """
                teacher: {url: "http://127.0.0.1:8000/v1", model: m, key-file: key, tariff: ../prices.yaml}
                prompts: {files: [a.jsonl, /data/b.jsonl]}
                student: {base: models/base}
                eval: {tasks: test.jsonl}
                """);
    }

    @Test
    void pathsInAFileAreSeenFromItsFolder() throws IOException {
        Files.createDirectories(folder.resolve("models/base"));
        Recipe read = Recipe.read(recipe, Map.of());
        assertThat(read.prompts().orElseThrow().files())
                .containsExactly(
                        new DataSource.Missing("a.jsonl", folder.resolve("a.jsonl")),
                        new DataSource.Missing("/data/b.jsonl", Path.of("/data/b.jsonl")));
        assertThat(read.student().orElseThrow().folder()).isEqualTo(folder.resolve("models/base"));
        assertThat(read.eval().orElseThrow().taskFiles()).containsExactly(folder.resolve("test.jsonl"));
        assertThat(read.teacher().orElseThrow().keyFile()).isEqualTo(folder.resolve("key"));
        assertThat(read.teacher().orElseThrow().tariff())
                .isEqualTo(folder.resolveSibling("prices.yaml").toString());
    }

    @Test
    void pathsInAnOptionAreSeenFromWhereTheCommandWasGiven() throws IOException {
        Recipe read = Recipe.read(
                recipe,
                Map.of("prompts.files", "x.jsonl, y.jsonl", "student.base", "../base", "teacher.tariff", "free"));
        assertThat(read.prompts().orElseThrow().files())
                .containsExactly(
                        new DataSource.Missing("x.jsonl", Path.of("x.jsonl")),
                        new DataSource.Missing("y.jsonl", Path.of("y.jsonl")));
        assertThat(read.student().orElseThrow().folder()).isEqualTo(Path.of("../base"));
        assertThat(read.teacher().orElseThrow().tariff()).isEqualTo("free");
    }

    @Test
    void aBaseThatIsNoPathIsOfTheHubAndHasItsId() throws IOException {
        Recipe read = Recipe.read(recipe, Map.of("student.base", "Qwen/Qwen2.5-0.5B@v1"));
        StudentPart student = read.student().orElseThrow();
        assertThat(student.base())
                .isEqualTo(new ModelSource.OnHub(
                        HubId.parse("Qwen/Qwen2.5-0.5B@v1").orElseThrow(), Path.of("Qwen/Qwen2.5-0.5B@v1")));
        assertThat(student.baseId()).isEqualTo("Qwen/Qwen2.5-0.5B");
        assertThat(read.resolved().yaml())
                .contains("base: \"Qwen/Qwen2.5-0.5B@v1\"  # option", "base-id: Qwen/Qwen2.5-0.5B  # default");
        assertThatThrownBy(student::folder)
                .hasMessage("student.base: Qwen/Qwen2.5-0.5B@v1 must be fetched before a stage begins");

        Recipe named = Recipe.read(recipe, Map.of("student.base", "a/b", "student.base-id", "c/d"));
        assertThat(named.student().orElseThrow().baseId()).isEqualTo("c/d");
    }

    @Test
    void aBaseThatIsNothingIsSaidToBeMissingBeforeTheFirstStage() throws IOException {
        Recipe read = Recipe.read(recipe, Map.of("student.base", "no/such/base"));
        assertThatThrownBy(() -> Preflight.check(read, Pipeline.Stage.TRAIN, Pipeline.Stage.TRAIN))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("student.base: no/such/base: there is no such file or folder, and it is no hub id"
                        + " (OWNER/NAME, OWNER/NAME@REVISION or OWNER/NAME:FILE.gguf)");
    }

    @Test
    void aTeacherThatDoesNotReasonApartNeedsNoReasoning() throws IOException {
        assertThat(Recipe.read(recipe, Map.of())
                        .curate()
                        .settings(Set.of(), PromptFormat.PLAIN)
                        .filters())
                .extracting(FilterRule::filter)
                .contains(NonEmpty.STANDARD);
        Recipe read = Recipe.read(recipe, Map.of("curate.require-reasoning", "false", "curate.undecided", "keep"));
        assertThat(read.curate().settings(Set.of(), PromptFormat.PLAIN).filters())
                .extracting(FilterRule::filter)
                .contains(new NonEmpty(false, 3));
        assertThat(read.curate().settings(Set.of(), PromptFormat.PLAIN).filters())
                .extracting(FilterRule::filter)
                .anySatisfy(filter -> assertThat(filter)
                        .isInstanceOfSatisfying(
                                Correctness.class,
                                correctness ->
                                        assertThat(correctness.undecided()).isEqualTo(Correctness.Undecided.KEEP)));
    }

    @Test
    void aWrongPolicyIsNamedWithTheRightOnes() {
        assertThatThrownBy(() -> Recipe.read(recipe, Map.of("curate.undecided", "drop-all")))
                .hasMessageContaining("curate.undecided: must be one of keep, drop-with-reference, drop; got drop-all");
    }
}
