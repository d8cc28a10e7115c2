package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.hub.DataSource;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTest {
    @TempDir
    Path folder;

    @Test
    void allProblemsComeAtOnceInTheWordsOfTheFile() throws IOException {
        Path file = write("""
                name: two words
                seed: -1
                teacher:
                  url: ftp://example.org
                  dialect: deepsek
                prompts:
                  files: p.jsonl
                  template: no place for it
                harvest:
                  budget: 5 dollars
                train:
                  learning_rate: 1e-5
                  steps: many
                  mode: lora
                  lora: 8
                colour: blue
                """);
        RecipeException wrong =
                catchThrowableOfType(RecipeException.class, () -> Recipe.read(file, Map.of("train.warmup", "2")));
        assertThat(wrong).hasMessageContaining(file.toString());
        assertThat(wrong)
                .hasMessageContaining("teacher.dialect: must be auto, a file (.yaml), deepseek, or one of openai,");
        assertThat(String.valueOf(wrong.getMessage()).lines().map(String::strip))
                .contains(
                        "name: must be 1 to 100 letters, digits, '.', '_' or '-'; got two words",
                        "seed: must be a whole number from 0 to 9223372036854775807; got -1",
                        "teacher.url: must be an http or https address; got ftp://example.org",
                        "teacher.model: is missing; give the model's name as the API knows it",
                        "prompts.template: must contain {question}; got no place for it",
                        "harvest.budget: must be an amount and a currency, for example \"5.00 USD\"; got 5 dollars",
                        "train.learning_rate: there is no such key; did you mean learning-rate?",
                        "train.steps: must be a whole number from 0 to 2147483647; got many",
                        "train.lora: must be a mapping of keys to values; got 8",
                        "train.warmup: must be a number from 0.0 to 1.0; got 2",
                        "colour: there is no such key; known here: name, seed, teacher, prompts, rewrite, harvest, verify, curate,"
                                + " student, train, eval, export, plan");
    }

    @Test
    void anOptionInPlaceOfASectionIsAProblem() {
        assertThatThrownBy(() -> Recipe.read(
                        null, Map.of("name", "s", "verify", "bubblewrap", "curate.mix.shares", "{maths: 3}")))
                .hasMessageContaining("verify: holds keys of its own; give each as verify.KEY=VALUE; got bubblewrap")
                .hasMessageContaining(
                        "curate.mix.shares: holds keys of its own; give each as curate.mix.shares.KEY=VALUE; got {maths: 3}");
        assertThatThrownBy(() -> Recipe.read(null, Map.of("name", "s", "curate.mix.by", "length")))
                .hasMessageContaining("curate.mix.shares: are missing: without them nothing is mixed");
    }

    @Test
    void aCheckThatDoesNothingByItsNameIsNoCheck() throws IOException {
        Path file = write("""
                curate:
                  off: [math, secrets:email, code]
                  label: [refusal:politcs_china, refusal:harm, length:short, contamination:other, contamination:held]
                  held-out: [held.jsonl]
                  max-pass-rate: 0.9
                """);
        Files.writeString(folder.resolve("held.jsonl"), "{\"question\": \"How many?\"}\n");
        RecipeException wrong = catchThrowableOfType(RecipeException.class, () -> Recipe.read(file, Map.of()));
        assertThat(wrong)
                .hasMessageContainingAll(
                        "curate.off: takes whole checks; to keep what secrets:email finds, name it in curate.label",
                        "curate.off: there is no check \"code\"",
                        "curate.off: the pass rates need math",
                        "curate.label: refusal has no kind \"politcs_china\"; there are self_harm,",
                        "curate.label: length has no kind \"short\"; it tells no kinds apart",
                        "curate.label: contamination has no kind \"other\"; there are held");
        assertThat(wrong.getMessage()).doesNotContain("\"harm\"").doesNotContain("\"held\"");
    }

    @Test
    void everyValueSaysWhereItComesFrom() throws IOException {
        Path file = write("""
                train:
                  steps: 1_000
                  mode: lora
                """);
        Recipe recipe = Recipe.read(file, Map.of("train.batch-samples", "8", "train.lora.rank", "4"));
        assertThat(recipe.train().updates().steps()).isEqualTo(1000);
        assertThat(recipe.train().batches().batchSamples()).isEqualTo(8);
        assertThat(recipe.train().lora().alpha()).isEqualTo(8); // twice the rank unless it is said
        assertThat(recipe.resolved().yaml().lines().map(String::strip))
                .contains(
                        "steps: 1000  # file",
                        "batch-samples: 8  # option",
                        "rank: 4  # option",
                        "alpha: 8.0  # default",
                        "name: recipe  # default");
    }

    @Test
    void fourBitsAreNotMultipliedInEight() {
        assertThatThrownBy(() -> Recipe.read(null, Map.of("train.mode", "qlora", "train.compute", "int8")))
                .hasMessageContaining("train.compute: weights in four bits (mode qlora) are multiplied in float or"
                        + " bfloat16; got int8; write one of these, or auto");
    }

    @Test
    void muonIsForWholeModels() throws IOException {
        assertThat(Recipe.read(null, Map.of("train.optimizer", "muon"))
                        .train()
                        .updates()
                        .optimizer())
                .isEqualTo(new MuonSettings(0.95, AdamWSettings.DEFAULT));
        assertThatThrownBy(() -> Recipe.read(null, Map.of("train.mode", "lora", "train.optimizer", "muon")))
                .hasMessageContaining(
                        "train.optimizer: muon is for the matrices of the blocks, of which an adapter trains"
                                + " none; got mode lora; write adamw or adamw-8bit");
    }

    @Test
    void optimizerAndScheduleAreWhatTheirWordsSay() throws IOException {
        TrainPart part = Recipe.read(
                        null,
                        Map.of(
                                "train.optimizer", "adamw-8bit",
                                "train.beta2", "0.99",
                                "train.schedule", "wsd",
                                "train.decay-share", "0.2",
                                "train.steps", "100",
                                "train.mode", "qlora"))
                .train();
        assertThat(part.updates().optimizer())
                .isEqualTo(new EightBitAdamWSettings(new AdamWSettings(0.9, 0.99, 1e-8, 0.01, 1)));
        assertThat(part.updates().peak()).isEqualTo(2e-4); // an adapter's, as of lora
        assertThat(part.settings(1).schedule())
                .isEqualTo(new Schedule(2e-4, 3, 100, 0.1, new Schedule.Decay.StableThenLinear(0.2)));
    }

    @Test
    void aRecipeIsReadAsItWasResolved() throws IOException {
        Recipe first = Recipe.read(write("""
                name: one
                prompts: {files: [a.jsonl, b.jsonl], limit: 3}
                student: {base: models/small}
                train: {mode: lora, epochs: 3}
                """), Map.of("export.type", "bf16"));
        Path resolved = folder.resolve("resolved.yaml");
        Files.writeString(resolved, first.resolved().yaml());
        Recipe second = Recipe.read(resolved, Map.of());
        assertThat(second.resolved().values()).isEqualTo(first.resolved().values());
        assertThat(second.train()).isEqualTo(first.train());
    }

    @Test
    void pathsAreSeenFromTheRecipesFolder() throws IOException {
        Files.createDirectories(folder.resolve("models/small"));
        Recipe recipe = Recipe.read(write("""
                prompts:
                  files: [prompts.jsonl, ../shared.jsonl, /data/all.jsonl]
                student:
                  base: models/small
                """), Map.of());
        assertThat(recipe.prompts().orElseThrow().files())
                .containsExactly(
                        new DataSource.Missing("prompts.jsonl", folder.resolve("prompts.jsonl")),
                        new DataSource.Missing("../shared.jsonl", folder.resolveSibling("shared.jsonl")),
                        new DataSource.Missing("/data/all.jsonl", Path.of("/data/all.jsonl")));
        assertThat(recipe.student().orElseThrow().folder()).isEqualTo(folder.resolve("models/small"));
    }

    @Test
    void aStudentIsAModelOrAShapeNotBothNotNone() {
        String message =
                "student.base: give either a model, a folder or a hub id (base), or the shape of a student from random"
                        + " weights";
        assertThatThrownBy(() -> Recipe.read(null, Map.of("student.base", "m", "student.shape.width", "64")))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> Recipe.read(null, Map.of("student.licence", "mit")))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> Recipe.read(null, Map.of("student.shape.heads", "3")))
                .hasMessageContaining("student.shape.heads: the width must be an even multiple of heads");
    }

    @Test
    void whatIsNoYamlSaysWhere() throws IOException {
        Path file = write("train:\n  steps: [1\n");
        assertThatThrownBy(() -> Recipe.read(file, Map.of()))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("line ")
                .hasMessageContaining("is not YAML");
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none.yaml"), Map.of()))
                .hasMessageContaining("there is no such file");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("recipe.yaml"), text);
    }
}
