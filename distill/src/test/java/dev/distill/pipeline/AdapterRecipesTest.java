package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.hub.HubListener;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds of adapters, frozen weights and changed bases, from the recipe to the export. */
class AdapterRecipesTest {
    private static final Ops OPS = new CpuOps();
    private static final PackedRow ROW = PackedRow.nextToken(5, 6, 7, 8, 9, 10);

    @TempDir
    Path root;

    private RunFolder run;
    private Path base;

    @BeforeEach
    void make() throws IOException {
        run = new RunFolder(root.resolve("run"));
        Files.createDirectories(run.root());
        CuratedFolder.write(run.curate(), 20);
        base = TinyStudent.write(root.resolve("base"), 1);
    }

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** The adapter beside its base computes what the merged model does, and both what was trained. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.lora.dora=true",
                "train.lora.plus-ratio=16",
                "train.lora.modules-to-save=embed_tokens,norm",
                "train.lora.rank-stabilised=true"
            })
    void anAdapterIsTrainedMergedAndExported(String option) throws IOException {
        Recipe recipe = recipe("train.mode=lora", option);
        TrainResult result = train(recipe);
        assertThat(result.lastValidationLoss()).isLessThan(result.firstValidationLoss());
        ExportStage.Exported exported = ExportStage.run(recipe, run, OPS, new LinkedHashMap<>());
        assertThat(exported.parity().passes()).isTrue();
        assertThat(exported.files()).contains("adapter/adapter_config.json", "adapter/adapter_model.safetensors");
        float[] merged = logProbabilities(exported.folder(), null);
        assertThat(logProbabilities(base, exported.folder().resolve("adapter"))).containsExactly(merged, within(1e-4f));
        assertThat(logProbabilities(base, null)[0]).isNotCloseTo(merged[0], within(1e-4f));
    }

    @Test
    void frozenWeightsAreExportedAsTheyWere() throws IOException {
        Recipe recipe = recipe("train.freeze=model.layers.0,*norm*");
        train(recipe);
        ExportStage.Exported exported = ExportStage.run(recipe, run, OPS, new LinkedHashMap<>());
        try (StoredWeights before = StoredWeights.open(base);
                StoredWeights after = StoredWeights.open(exported.folder())) {
            for (String name : before.names()) {
                boolean frozen = name.startsWith("model.layers.0.") || name.contains("norm");
                boolean same =
                        before.get(name).segment().mismatch(after.get(name).segment()) < 0;
                assertThat(same).as(name).isEqualTo(frozen);
            }
        }
    }

    @Test
    void anotherRotaryBaseIsTrainedAndExported() throws IOException {
        Recipe recipe = recipe("student.rope-theta=300000", "student.max-positions=512");
        train(recipe);
        ExportStage.Exported exported = ExportStage.run(recipe, run, OPS, new LinkedHashMap<>());
        JsonNode config = new ObjectMapper()
                .readTree(exported.folder().resolve("config.json").toFile());
        assertThat(config.path("rope_theta").asDouble()).isEqualTo(300_000);
        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(512);
        assertThat(base.resolve("config.json")).content().contains("10000").contains("256");
    }

    @Test
    void newTokensBeginAtTheMeanAndAreTrained() throws IOException {
        Recipe recipe = recipe("student.add-tokens=<think>,</think>,<|im_end|>"); // the last is there already
        int before = TinyStudent.config(base).vocabulary();
        Path changed = folder(recipe);
        try (StoredWeights old = StoredWeights.open(base);
                StoredWeights grown = StoredWeights.open(changed)) {
            assertThat(grown.config().vocabulary()).isEqualTo(before + 2);
            Tensor rows = grown.get("model.embed_tokens.weight");
            Tensor known = old.get("model.embed_tokens.weight");
            for (int column = 0; column < known.dim(1); column++) {
                double mean = 0;
                for (int row = 0; row < before; row++) {
                    float value = known.get((long) row * known.dim(1) + column);
                    assertThat(rows.get((long) row * known.dim(1) + column)).isEqualTo(value);
                    mean += value / before;
                }
                for (int row = before; row < before + 2; row++) {
                    assertThat((double) rows.get((long) row * known.dim(1) + column))
                            .isCloseTo(mean, within(1e-6));
                }
            }
        }
        train(recipe);
        ExportStage.Exported exported = ExportStage.run(recipe, run, OPS, new LinkedHashMap<>());
        try (Student student = Student.open(exported.folder(), null, OPS)) {
            assertThat(student.language().tokenizer().encode("<think>")).containsExactly(before);
            assertThat(student.language().tokenizer().encode("two</think>")).endsWith(before + 1);
            assertThat(student.config().vocabulary()).isEqualTo(before + 2);
        }
        assertThat(folder(recipe("student.add-tokens=<think>,</think>,<|im_end|>")))
                .isEqualTo(changed);
    }

    /** A vocabulary that was padded has room: nothing grows. */
    @Test
    void freeRowsAreTakenFirst() throws IOException {
        Path padded = root.resolve("padded");
        Recipe first = recipe("student.add-tokens=<a>,<b>");
        try (var files = Files.list(folder(first))) {
            Files.createDirectories(padded);
            for (Path file : files.toList()) {
                Files.copy(file, padded.resolve(file.getFileName()));
            }
        }
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) { // two rows that no token has
            Files.copy(base.resolve(name), padded.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        base = padded;
        int rows = TinyStudent.config(base).vocabulary() + 2;
        try (StoredWeights grown = StoredWeights.open(folder(recipe("student.add-tokens=<think>")))) {
            assertThat(grown.config().vocabulary()).isEqualTo(rows);
        }
        try (StoredWeights grown = StoredWeights.open(folder(recipe("student.add-tokens=<think>,</think>,<x>")))) {
            assertThat(grown.config().vocabulary()).isEqualTo(rows + 1);
        }
    }

    /** The merged model alone has what an adapter cannot say. */
    @Test
    void anAdapterOfAChangedBaseIsExportedMerged() throws IOException {
        Recipe recipe =
                recipe("train.mode=lora", "student.add-tokens=<think>", "train.lora.modules-to-save=embed_tokens");
        train(recipe);
        ExportStage.Exported exported = ExportStage.run(recipe, run, OPS, new LinkedHashMap<>());
        assertThat(exported.parity().passes()).isTrue();
        assertThat(exported.files()).contains("model.safetensors").noneMatch(file -> file.startsWith("adapter/"));
    }

    @Test
    void whatTheBaseHasNotIsRefusedBeforeAnyStage() {
        assertThatThrownBy(() -> recipe("train.freeze=model.layer.0"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("train: train.freeze: 'model.layer.0' matches no weight");
        assertThatThrownBy(() -> recipe("train.mode=lora", "train.lora.targets=query"))
                .hasMessageContaining("train: lora: no linear layer of this model is called [query]");
        assertThatThrownBy(() -> recipe("train.mode=lora", "train.lora.modules-to-save=lm_head"))
                .hasMessageContaining("say embed_tokens, which is both");
        assertThatThrownBy(() -> recipe("train.mode=lora", "student.add-tokens=<think>"))
                .hasMessageContaining("student.add-tokens: the new rows of model.embed_tokens would stay as they are");
        assertThatThrownBy(() -> recipe("train.mode=lora", "train.freeze=model.layers.0"))
                .hasMessageContaining("train.freeze: an adapter leaves every weight as it is");
        assertThatThrownBy(() -> recipe("train.mode=qlora", "train.freeze=model.layers.0"))
                .hasMessageContaining("train.freeze: an adapter leaves every weight as it is");
    }

    private Recipe recipe(String... options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "name", "tiny",
                "student.base", base.toString(),
                "train.steps", "8",
                "train.batch-samples", "4",
                "train.validation-samples", "4",
                "train.learning-rate", "1e-2",
                "export.type", "f32"));
        for (String option : options) {
            all.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return BaseModel.prepare(Recipe.read(null, all), run, HubListener.NONE, new Stop());
    }

    /** Where the student's base lies. */
    private static Path folder(Recipe recipe) {
        return Objects.requireNonNull(recipe.student().orElseThrow().folder());
    }

    private TrainResult train(Recipe recipe) throws IOException {
        return new TrainStage(recipe, OPS, Objective.REASONING)
                .run(run.curate(), run.train(), report -> {}, () -> false);
    }

    private static float[] logProbabilities(Path model, @Nullable Path adapter) throws IOException {
        try (Student student = Student.open(model, adapter, OPS)) {
            return student.model().logProbabilities(ROW);
        }
    }
}
