package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Trace;
import dev.distill.export.ParityGate;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.StorageType;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.SampleReport;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import dev.distill.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and export of a tiny student as stages: what is done is not done again, what has changed is. */
class TrainStageTest {
    private static final Ops OPS = new CpuOps();

    @TempDir
    Path root;

    private RunFolder run;

    @BeforeEach
    void curate() throws IOException {
        run = new RunFolder(root);
        CuratedFolder.write(run.curate(), 60);
    }

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void aFinishedTrainingIsNotDoneAgain() throws IOException {
        TrainResult first = train(Map.of(), new Steps());
        Steps second = new Steps();
        assertThat(train(Map.of(), second)).isEqualTo(first);
        assertThat(second.done).isEmpty();
        Manifest manifest = Manifest.read(run.train());
        assertThat(manifest.outputs())
                .extracting(FileEntry::path)
                .contains("model/model.safetensors", "model/config.json", "model/tokenizer.json");
        // 60 traces, of which a tenth may be held back
        long held = manifest.counts().getOrDefault("validation_samples", 0L);
        assertThat(held).isBetween(1L, 15L);
        assertThat(manifest.counts()).containsEntry("samples", 60 - held);
    }

    @Test
    void otherDataOrSettingsKeepTheEarlierTrainingAside() throws IOException {
        train(Map.of(), new Steps());
        byte[] before = Files.readAllBytes(run.train().resolve("model/model.safetensors"));
        Steps other = new Steps();
        train(Map.of("train.learning-rate", "1e-3"), other);
        assertThat(other.done).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(Files.readAllBytes(root.resolve("train.1/model/model.safetensors")))
                .isEqualTo(before);
        assertThat(Files.readAllBytes(run.train().resolve("model/model.safetensors")))
                .isNotEqualTo(before);

        CuratedFolder.write(run.curate(), 61);
        train(Map.of("train.learning-rate", "1e-3"), other);
        assertThat(root.resolve("train.2/manifest.json")).exists();
    }

    @Test
    void howOftenItSavesIsNoOtherTraining() throws IOException {
        assertThatThrownBy(() -> train(Map.of(), new Steps(3))).isInstanceOf(Trainer.StoppedException.class);
        Steps second = new Steps();
        train(Map.of("train.checkpoint-every", "1"), second);
        assertThat(second.done).containsExactly(4, 5, 6);
        assertThat(root.resolve("train.1")).doesNotExist();
    }

    /** Rows of 32,768 tokens hold it, the model does not. */
    @Test
    void aSampleLongerThanTheModelIsOverLong() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String reasoning = "One and one. ".repeat(i < 2 ? 40 : 1);
            traces.add(CuratedFolder.trace(i, "What is it? (" + i + ")", reasoning, "It is " + i + ".", null));
        }
        CuratedFolder.write(run.curate(), traces);
        Map<String, String> short100 = Map.of(
                "student.shape.max-positions", "100", "train.row-tokens", "32768", "train.validation-samples", "0");
        train(short100, new Steps());
        assertThat(Manifest.read(run.train()).counts()).containsEntry("over_long_dropped", 2L);
        Map<String, String> raise = new LinkedHashMap<>(short100);
        raise.put("train.over-long", "raise");
        assertThatThrownBy(() -> train(raise, new Steps()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("2 of 20 samples are longer than the 100 positions that the model is made for")
                .hasMessageContaining("give it more (student.max-positions), or set train.over-long to drop or split");
    }

    /** The embedding of 280 words and 16 columns is large enough for moments in eight bits. */
    @Test
    void momentsInEightBitsGoOnToTheSameBits(@TempDir Path elsewhere) throws IOException {
        Map<String, String> eightBits = Map.of("train.optimizer", "adamw-8bit", "student.shape.width", "16");
        assertThatThrownBy(() -> train(eightBits, new Steps(3))).isInstanceOf(Trainer.StoppedException.class);
        try (SafetensorsFile state = SafetensorsFile.open(run.train().resolve("checkpoint-000003/state.safetensors"))) {
            assertThat(state.entry("moment2/model.embed_tokens.weight").type()).isEqualTo(StorageType.U8);
            assertThat(state.entry("moment2/model.norm.weight").type()).isEqualTo(StorageType.F32);
        }
        Steps second = new Steps();
        train(eightBits, second);
        assertThat(second.done).containsExactly(4, 5, 6);
        byte[] resumed = Files.readAllBytes(run.train().resolve("model/model.safetensors"));

        Steps through = new Steps();
        new TrainStage(recipe(eightBits), OPS, Objective.REASONING)
                .run(run.curate(), elsewhere.resolve("train"), through, through::enough);
        assertThat(through.done).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(Files.readAllBytes(elsewhere.resolve("train/model/model.safetensors")))
                .isEqualTo(resumed);
        train(Map.of("student.shape.width", "16"), new Steps());
        assertThat(Files.readAllBytes(run.train().resolve("model/model.safetensors")))
                .isNotEqualTo(resumed); // eight bits are another arithmetic
    }

    /** Whoever runs out of memory goes on with activations computed again, to the same bits. */
    @Test
    void activationsThatAreComputedAgainAreNoOtherTraining() throws IOException {
        List<StepReport> kept = train(Map.of(), new Steps()).reports();
        run = new RunFolder(root.resolve("again"));
        CuratedFolder.write(run.curate(), 60);
        assertThatThrownBy(() -> train(Map.of(), new Steps(3))).isInstanceOf(Trainer.StoppedException.class);
        Steps second = new Steps();
        List<StepReport> again =
                train(Map.of("train.activations", "recompute"), second).reports();
        assertThat(second.done).containsExactly(4, 5, 6);
        assertThat(again)
                .extracting(StepReport::loss)
                .isEqualTo(kept.stream().map(StepReport::loss).toList());
    }

    /** Two rows of 200 tokens a step: the number of a step says what is in it, in whichever process. */
    @Test
    void stepsOfTokensGoOnToTheSameBits(@TempDir Path elsewhere) throws IOException {
        Map<String, String> tokens = new LinkedHashMap<>(Map.of(
                "train.batch-tokens", "400", "train.row-tokens", "200", "train.steps", "0", "train.epochs", "2"));
        assertThatThrownBy(() -> train(tokens, new Steps(3))).isInstanceOf(Trainer.StoppedException.class);
        train(tokens, new Steps());
        Steps through = new Steps();
        TrainResult whole = new TrainStage(recipe(tokens), OPS, Objective.REASONING)
                .run(run.curate(), elsewhere.resolve("train"), through, through::enough);
        assertThat(Files.readAllBytes(run.train().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(elsewhere.resolve("train/model/model.safetensors")));
        int epoch = (whole.reports().size() - 1) / 2;
        long first = whole.reports().stream()
                .skip(1)
                .limit(epoch)
                .mapToLong(report -> report.learning().tokens())
                .sum();
        assertThat(epoch).isEqualTo((int) Math.round(first / 400.0));
        assertThat(Manifest.read(run.train()).counts().get("packing_density_per_mille"))
                .isBetween(500L, 1000L);
    }

    /** Noise is of the step, not of the process: a run that goes on has the same, and so has one that computes activations again. */
    @Test
    void noiseOnEmbeddingsGoesOnToTheSameBits(@TempDir Path elsewhere) throws IOException {
        Map<String, String> noisy = Map.of("train.neftune-alpha", "5");
        assertThatThrownBy(() -> train(noisy, new Steps(3))).isInstanceOf(Trainer.StoppedException.class);
        Steps second = new Steps();
        List<StepReport> resumed = train(Map.of("train.neftune-alpha", "5", "train.activations", "recompute"), second)
                .reports();
        assertThat(second.done).containsExactly(4, 5, 6);
        Steps through = new Steps();
        List<StepReport> whole = new TrainStage(recipe(noisy), OPS, Objective.REASONING)
                .run(run.curate(), elsewhere.resolve("train"), through, through::enough)
                .reports();
        assertThat(resumed)
                .extracting(StepReport::loss)
                .isEqualTo(whole.stream().map(StepReport::loss).toList());
        assertThat(Files.readAllBytes(run.train().resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(elsewhere.resolve("train/model/model.safetensors")));
        List<StepReport> plain = new TrainStage(recipe(Map.of()), OPS, Objective.REASONING)
                .run(run.curate(), elsewhere.resolve("plain"), new Steps(), () -> false)
                .reports();
        assertThat(plain.getFirst().validationLoss())
                .as("validation has no noise")
                .isEqualTo(whole.getFirst().validationLoss());
        assertThat(plain.get(1).loss()).isNotEqualTo(whole.get(1).loss());
    }

    @Test
    void longSamplesAreLeftOutOrSplitAndCounted() throws IOException {
        String longReasoning = "Add the ones, and then the tens. ".repeat(20);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            traces.add(
                    CuratedFolder.trace(i, "What is " + i + "?", i % 10 == 0 ? longReasoning : "So.", "" + i, "" + i));
        }
        CuratedFolder.write(run.curate(), traces);
        Map<String, String> drop = Map.of("train.row-tokens", "100", "train.validation-samples", "0");
        train(drop, new Steps());
        assertThat(Manifest.read(run.train()).counts())
                .containsEntry("samples", 40L)
                .containsEntry("sequences", 36L)
                .containsEntry("over_long_dropped", 4L)
                .containsEntry("over_long_split", 0L);
        Map<String, String> split = new LinkedHashMap<>(drop);
        split.put("train.over-long", "split");
        train(split, new Steps());
        Map<String, Long> counts = Manifest.read(run.train()).counts();
        assertThat(counts).containsEntry("over_long_dropped", 0L).containsEntry("over_long_split", 4L);
        assertThat(counts.get("sequences")).isGreaterThanOrEqualTo(36 + 2 * 4);
        split.put("train.over-long", "raise");
        assertThatThrownBy(() -> train(split, new Steps()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("4 of 40 samples are longer than a row of 100 tokens");
    }

    @Test
    void aTokenizerOfOtherSettingsIsNotUsed() throws IOException {
        assertThatThrownBy(() -> train(Map.of(), new Steps(0))).isInstanceOf(Trainer.StoppedException.class);
        train(Map.of("student.shape.vocabulary", "300"), new Steps());
        TrainResult small = TrainResult.read(run.train());
        // the loss of a student that knows nothing is the logarithm of its vocabulary, here of at most 300
        assertThat(small.firstValidationLoss()).isBetween(Math.log(261) - 0.1, Math.log(300) + 0.1);
    }

    @Test
    void anExportIsMadeAnewWhenTheStudentChanges() throws IOException {
        train(Map.of(), new Steps());
        ExportStage.Exported first = export(Map.of(), Map.of());
        assertThat(first.parity().maxLogitDiff()).isZero();
        assertThat(first.files()).contains("model.safetensors", "tokenizer.json", "README.md", "parity.json");
        Path card = first.folder().resolve("README.md");
        Files.writeString(card, "a line of its owner's\n", StandardOpenOption.APPEND);
        assertThat(export(Map.of(), Map.of())).isEqualTo(first);
        assertThat(card).content().endsWith("a line of its owner's\n");

        export(Map.of(), Map.of("Score", "12 %"));
        assertThat(card).content().contains("12 %").doesNotContain("owner's");

        train(Map.of("train.learning-rate", "1e-3"), new Steps());
        export(Map.of("train.learning-rate", "1e-3"), Map.of("Score", "12 %"));
        assertThat(Files.readAllBytes(first.folder().resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(run.train().resolve("model/model.safetensors")));
    }

    @Test
    void aWeightThatIsWrongStopsTheExport() throws IOException {
        train(Map.of(), new Steps());
        TrainedStudent trained = TrainedStudent.of(recipe(Map.of()), run.train());
        try (var student = trained.open("tiny", OPS);
                var stored = StoredWeights.open(trained.model())) {
            export(Map.of(), Map.of());
            Path weights = run.export().resolve("model.safetensors");
            byte[] bytes = Files.readAllBytes(weights);
            bytes[bytes.length - 1] ^= 0x40; // the exponent of a weight's float
            Files.write(weights, bytes);
            assertThatThrownBy(() -> ParityGate.check(
                            student.model(),
                            stored,
                            run.export(),
                            recipe(Map.of()).export().type(),
                            List.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8})))
                    .isInstanceOf(ParityGate.DriftException.class)
                    .hasMessageContaining("parity gate")
                    .hasMessageContaining("Do not publish this folder");
        }
    }

    /** Stopped after step 3 and started again: the samples of one run, as if nothing had happened. */
    @Test
    void theStudentAnswersTheSamePromptsAsItLearns() throws IOException {
        Map<String, String> options = Map.of("train.validate-every", "2", "train.sample-tokens", "5");
        assertThatThrownBy(() -> train(options, new Steps(3))).isInstanceOf(Trainer.StoppedException.class);
        Path file = run.train().resolve("samples.jsonl");
        Files.writeString(file, "{\"step\":4,\"number\":0,\"question\":\"lost\"}\n{\"st", StandardOpenOption.APPEND);
        Steps steps = new Steps();
        train(options, steps);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).noneMatch(line -> line.contains("lost"));
        ObjectMapper json = new ObjectMapper();
        List<String> asked = new ArrayList<>();
        for (String line : lines) {
            JsonNode sample = json.readTree(line);
            asked.add(sample.path("step").asInt() + "." + sample.path("number").asInt());
            assertThat(sample.path("question").asText()).startsWith("What is ");
            assertThat(sample.path("new_tokens").asInt()).isBetween(1, 5);
            assertThat(sample.path("finish_reason").asText()).isIn("stop", "length");
        }
        assertThat(asked).containsExactly("0.0", "0.1", "2.0", "2.1", "4.0", "4.1", "6.0", "6.1");
        assertThat(steps.samples).hasSize(4); // those of steps 4 and 6
        assertThat(run.train().resolve("begun.json")).content().contains("\"steps\" : 6", "\"done\" : 3");
        try (var files = Files.list(run.train().resolve("tensorboard"))) {
            assertThat(files).hasSize(2); // one a process
        }
    }

    /** What is watched does not change what is learnt. */
    @Test
    void samplesLeaveNoTraceInTheWeights() throws IOException {
        train(Map.of("train.validate-every", "1", "train.sample-tokens", "5"), new Steps());
        byte[] asked = Files.readAllBytes(run.train().resolve("model/model.safetensors"));
        new TrainStage(recipe(Map.of("train.sample-prompts", "0")), OPS, Objective.REASONING)
                .run(run.curate(), root.resolve("silent"), new Steps(), () -> false);
        assertThat(root.resolve("silent/samples.jsonl")).doesNotExist();
        assertThat(Files.readAllBytes(root.resolve("silent/model/model.safetensors")))
                .isEqualTo(asked);
    }

    private TrainResult train(Map<String, String> options, Steps steps) throws IOException {
        return new TrainStage(recipe(options), OPS, Objective.REASONING)
                .run(run.curate(), run.train(), steps, steps::enough);
    }

    private ExportStage.Exported export(Map<String, String> options, Map<String, String> facts) throws IOException {
        return ExportStage.run(recipe(options), run, OPS, new LinkedHashMap<>(facts));
    }

    private static Recipe recipe(Map<String, String> options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "name", "tiny",
                "student.shape.layers", "1",
                "student.shape.width", "8",
                "student.shape.heads", "2",
                "student.shape.kv-heads", "1",
                "student.shape.mlp-width", "16",
                "student.shape.vocabulary", "280",
                "train.steps", "6",
                "train.batch-samples", "4",
                "train.validation-samples", "6"));
        all.put("train.learning-rate", "3e-3");
        all.put("train.checkpoint-every", "2");
        all.put("export.type", "f32");
        all.putAll(options);
        if (all.containsKey("train.batch-tokens")) {
            all.remove("train.batch-samples");
        }
        return Recipe.read(null, all);
    }

    /** Notes the steps that were done, and asks to stop after some. */
    private static final class Steps implements TrainListener {
        final List<Integer> done = new ArrayList<>();
        final List<SampleReport> samples = new ArrayList<>();
        private final int most;

        Steps() {
            this(Integer.MAX_VALUE);
        }

        Steps(int most) {
            this.most = most;
        }

        boolean enough() {
            return !done.isEmpty() && done.getLast() >= most;
        }

        @Override
        public void step(StepReport report) {
            done.add(report.step());
        }

        @Override
        public void sample(SampleReport sample) {
            samples.add(sample);
        }
    }
}
