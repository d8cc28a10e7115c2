package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.journal.SimulatedDisk;
import dev.distill.data.journal.Storage;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.FileEntry;
import dev.distill.eval.metric.Interval;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Schedule;
import dev.distill.student.tensor.DType;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loop on a student of a few hundred weights that learns to count. */
class TrainerTest {
    private static final int STEPS = 30;
    private static final Ops OPS = new CpuOps();
    private static final TrainSettings SETTINGS = new TrainSettings(
            STEPS,
            new Schedule(3e-2, 3, STEPS, 0.1, Schedule.Decay.Cosine.HALF),
            AdamWSettings.DEFAULT,
            10,
            new Saving(7, 2),
            BadSteps.DEFAULT);

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void theLossFallsAndEveryStepIsReported() throws IOException {
        TrainResult result = run(folder, 7, listener(report -> {}), () -> false).result();
        assertThat(result.reports()).extracting(StepReport::step).containsExactlyElementsOf(upTo(STEPS));
        assertThat(result.lastLoss()).isLessThan(0.5 * result.firstLoss());
        assertThat(result.lastValidationLoss()).isLessThan(0.5 * result.firstValidationLoss());
        // validation losses: before the first step, each tenth, after the last
        assertThat(result.reports().stream()
                        .filter(report -> Double.isFinite(report.validationLoss()))
                        .map(StepReport::step))
                .containsExactly(0, 10, 20, 30);
        assertThat(TrainResult.read(folder).reports()).isEqualTo(result.reports());
    }

    @Test
    void eachDomainHasItsValidationLoss() throws IOException {
        Validation.Losses losses = run(folder, 7, listener(report -> {}), () -> false)
                .result()
                .reports()
                .getLast()
                .learning()
                .validation();
        assertThat(losses.byDomain()).containsOnlyKeys("long", "short");
        double weighted = 0;
        long targets = 0;
        for (Map.Entry<String, List<Sample>> domain : domains().entrySet()) {
            int count =
                    domain.getValue().stream().mapToInt(Sample::trainedTokens).sum();
            weighted += count * losses.byDomain().getOrDefault(domain.getKey(), Double.NaN);
            targets += count;
        }
        assertThat(losses.all()).isCloseTo(weighted / targets, within(1e-9));
    }

    @Test
    void samplesThatAreTooLongAreCounted() throws IOException {
        List<Sample> mixed = Counting.samples(0, 3); // of 6, 7 and 8 tokens
        PackedBatches batches = new PackedBatches(mixed, 2, 7, 1);
        assertThat(batches.dropped(1) + batches.dropped(2)).isOne();
        assertThat(batches.dropped(3) + batches.dropped(4)).isOne();
    }

    @Test
    void stoppedAndStartedAgainItComesToTheSameBits() throws IOException {
        stopAndStartAgain(OPS);
    }

    /** Weights that lie in two halves, and copies in INT8, come back from a checkpoint too. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    void stoppedAndStartedAgainItComesToTheSameBits(Compute compute) throws IOException {
        assumeTrue(NativeChoice.hasEightBitProducts(), "skipped: no processor with VNNI, or no ND4J with oneDNN");
        try (Ops ops = new CpuOps(2, compute, DType.BFLOAT16)) {
            stopAndStartAgain(ops);
        }
    }

    private void stopAndStartAgain(Ops ops) throws IOException {
        Run whole = run(ops, folder.resolve("whole"), 7, listener(report -> {}), () -> false);
        Path stopped = folder.resolve("stopped");
        int[] asked = {0};
        assertThatThrownBy(() -> run(ops, stopped, 7, listener(report -> {}), () -> ++asked[0] > 12))
                .isInstanceOf(Trainer.StoppedException.class)
                .hasMessage("train: stopped after step 12 of 30, which is saved; the same command goes on from there");
        List<Integer> steps = new ArrayList<>();
        Run resumed = run(ops, stopped, 7, listener(report -> steps.add(report.step())), () -> false);
        assertThat(steps).first().isEqualTo(13);
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(numbers(resumed.result())).isEqualTo(numbers(whole.result()));
    }

    @Test
    void anAdapterIsAllThatItsCheckpointsHold() throws IOException {
        List<List<Float>> whole = adapter(folder.resolve("whole"), () -> false);
        Path stopped = folder.resolve("stopped");
        int[] asked = {0};
        assertThatThrownBy(() -> adapter(stopped, () -> ++asked[0] > 12)).isInstanceOf(Trainer.StoppedException.class);
        try (SafetensorsFile state = SafetensorsFile.open(stopped.resolve("checkpoint-000012/state.safetensors"))) {
            assertThat(state.entries())
                    .extracting(TensorEntry::name)
                    .isNotEmpty()
                    .allMatch(name -> name.contains("lora_"));
        }
        assertThat(adapter(stopped, () -> false)).isEqualTo(whole);
    }

    private static List<List<Float>> adapter(Path folder, BooleanSupplier stop) throws IOException {
        LoraConfig config = new LoraConfig(2, 4, false, List.of(LoraConfig.ALL_LINEAR), 1);
        try (ModelWeights source = ModelWeights.random(Counting.CONFIG, 0.2, 1);
                ModelWeights frozen = ModelWeights.load(Counting.CONFIG, source, OPS, ModelWeights.Use.FROZEN);
                Lora lora = Lora.create(config, Counting.CONFIG);
                Decoder model = new Decoder(OPS, frozen, lora, Decoder.Memory.KEEP)) {
            PackedBatches batches = new PackedBatches(Counting.samples(0, 40), 4, 64, 7);
            new Trainer(model, SETTINGS, batches, Validation.NONE, Meter.UNRATED)
                    .run(folder, listener(report -> {}), stop);
            return lora.parameters().stream()
                    .map(parameter -> Counting.values(parameter.value()))
                    .toList();
        }
    }

    @Test
    void killedBetweenCheckpointsItDoesTheLostStepsAgain() throws IOException {
        Run whole = run(folder.resolve("whole"), 7, listener(report -> {}), () -> false);
        Path killed = folder.resolve("killed");
        assertThatThrownBy(() -> run(
                        killed,
                        7,
                        listener(report -> {
                            if (report.step() == 19) {
                                throw new IllegalStateException("power is gone");
                            }
                        }),
                        () -> false))
                .hasMessage("power is gone");
        // what a kill may leave: a torn line, and a checkpoint that was being written, or removed
        Files.writeString(killed.resolve("metrics.jsonl"), "{\"step\":20,\"lo", StandardOpenOption.APPEND);
        for (String torn : List.of(".checkpoint-000021.tmp", "checkpoint-000020")) {
            Files.createDirectory(killed.resolve(torn));
            Files.write(killed.resolve(torn).resolve("state.safetensors"), new byte[100]);
        }
        List<Integer> steps = new ArrayList<>();
        Run resumed = run(killed, 7, listener(report -> steps.add(report.step())), () -> false);
        assertThat(steps).first().isEqualTo(15); // a checkpoint every 7 steps
        assertThat(killed.resolve(".checkpoint-000021.tmp")).doesNotExist();
        assertThat(killed.resolve("checkpoint-000020")).doesNotExist();
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(numbers(resumed.result())).isEqualTo(numbers(whole.result()));
    }

    @Test
    void theNewestTwoCheckpointsAreKept() throws IOException {
        List<Integer> told = new ArrayList<>();
        run(
                folder,
                7,
                new TrainListener() {
                    @Override
                    public void step(StepReport report) {}

                    @Override
                    public void checkpoint(int step, Path at) {
                        assertThat(at.resolve("SHA256SUMS")).exists();
                        told.add(step);
                    }
                },
                () -> false);
        assertThat(told).containsExactly(7, 14, 21, 28, 30);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("metrics.jsonl", "checkpoint-000028", "checkpoint-000030");
        }
    }

    /** Checkpoints of steps 7, 14, 21, 28 and 30, of which two stay; the highest score is that of step 14, the lowest loss one of the last. */
    @Test
    void theHighestScoreKeepsItsCheckpointWhereItDecides() throws IOException {
        Map<Integer, Integer> right = Map.of(7, 1, 14, 9, 21, 3, 28, 8);
        train(folder.resolve("decides"), new ScriptedExam(right, true));
        train(folder.resolve("told"), new ScriptedExam(right, false));
        assertThat(folder.resolve("decides")).isDirectoryContaining("glob:**checkpoint-000014");
        assertThat(folder.resolve("told")).isDirectoryNotContaining("glob:**checkpoint-000014");
    }

    /** @param right answers of ten after these steps */
    private record ScriptedExam(Map<Integer, Integer> right, boolean selects, int[] step) implements Exam {
        ScriptedExam(Map<Integer, Integer> right, boolean selects) {
            this(right, selects, new int[1]);
        }

        @Override
        public boolean isDue(int now, int steps) {
            step[0] = now;
            return right.containsKey(now);
        }

        @Override
        public String fingerprint() {
            return "scripted";
        }

        @Override
        public Score sit() {
            return new Score(10, Interval.wilson(right.getOrDefault(step[0], 0), 10));
        }
    }

    private static void train(Path folder, Exam exam) throws IOException {
        PackedBatches batches = new PackedBatches(Counting.samples(0, 40), 4, 64, 7);
        try (ModelWeights weights = ModelWeights.random(Counting.CONFIG, 0.2, 1);
                Decoder model = new Decoder(OPS, weights)) {
            new Trainer(model, SETTINGS, batches, Validation.of(domains(), 64), Meter.UNRATED)
                    .with(exam)
                    .run(folder, listener(report -> {}), () -> false);
        }
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        Run whole = run(folder, 7, listener(report -> {}), () -> false);
        Path newest = folder.resolve("checkpoint-000030");
        Path state = newest.resolve("state.safetensors");
        byte[] bytes = Files.readAllBytes(state);
        bytes[bytes.length / 2] ^= 1;
        Files.write(state, bytes);
        List<Integer> steps = new ArrayList<>();
        Run again = run(folder, 7, listener(report -> steps.add(report.step())), () -> false);
        assertThat(steps).containsExactly(29, 30);
        assertThat(again.weights()).isEqualTo(whole.weights());
        assertThat(new CheckpointFolder(newest).damage()).isEmpty();
    }

    @Test
    void aCheckpointOfOtherDataIsRefusedAndTheMessageSaysWhatDiffers() throws IOException {
        run(folder, 7, listener(report -> {}), () -> false);
        assertThatThrownBy(() -> run(folder, 8, listener(report -> {}), () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("checkpoint-000030: this checkpoint belongs to a run with other data or settings;"
                        + " seed was 7, is 8. Put that back as it was, give the run another folder, or move the"
                        + " checkpoints away");
        try (Ops other = new CpuOps(3)) {
            assumeTrue(OPS.threads() != 3, "skipped: this machine has 3 processors");
            assertThatThrownBy(() -> run(other, folder, 7, listener(report -> {}), () -> false))
                    .hasMessageContaining("settings; threads was " + OPS.threads() + ", is 3.");
        }
    }

    @Test
    void aDiskThatFillsStopsTheRunWhichGoesOnToTheSameBits() throws IOException {
        Run whole = run(folder.resolve("whole"), 7, listener(report -> {}), () -> false);
        for (int n : new int[] {0, 5, 40, 90, 140}) { // operations; a checkpoint has about fifty
            Path full = Files.createDirectory(folder.resolve("full" + n));
            SimulatedDisk disk = new SimulatedDisk(full, new Random(n)).stopAt(n);
            assertThatThrownBy(() -> run(OPS, disk, full, 7, listener(report -> {}), () -> false))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("could not be written (simulated: no space left on device); make room")
                    .hasMessageContaining("the same command");
            Run resumed = run(full, 7, listener(report -> {}), () -> false);
            assertThat(resumed.weights()).as("full at " + n).isEqualTo(whole.weights());
            assertThat(numbers(resumed.result())).isEqualTo(numbers(whole.result()));
        }
    }

    @Test
    void aCheckpointOfANewerProgramIsRefused() throws IOException {
        run(folder, 7, listener(report -> {}), () -> false);
        Path newest = folder.resolve("checkpoint-000030");
        Path trainer = newest.resolve("trainer.json");
        String before = FileEntry.sha256(trainer);
        Files.writeString(trainer, Files.readString(trainer).replace("\"version\" : 2", "\"version\" : 3"));
        Path sums = newest.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replace(before, FileEntry.sha256(trainer)));
        assertThatThrownBy(() -> run(folder, 7, listener(report -> {}), () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "checkpoint-000030: a checkpoint of version 3; this program reads version 2. Go on"
                                + " with the newer program that wrote it, or move it away to begin anew");
    }

    private record Run(TrainResult result, List<List<Float>> weights) {}

    /** Trains, with checkpoints every 7 steps; {@code dataSeed} decides the order of the samples. */
    private static Run run(Path folder, long dataSeed, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        return run(OPS, folder, dataSeed, listener, stop);
    }

    private static Run run(Ops ops, Path folder, long dataSeed, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        return run(ops, Storage.local(), folder, dataSeed, listener, stop);
    }

    private static Run run(
            Ops ops, Storage storage, Path folder, long dataSeed, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        PackedBatches batches = new PackedBatches(Counting.samples(0, 40), 4, 64, dataSeed);
        try (ModelWeights weights = ModelWeights.random(Counting.CONFIG, 0.2, 1);
                Decoder model = new Decoder(ops, weights)) {
            TrainResult result = new Trainer(
                            model, SETTINGS, batches, Validation.of(domains(), 64), Meter.UNRATED, storage)
                    .run(folder, listener, stop);
            return new Run(result, Counting.values(weights));
        }
    }

    private static TrainListener listener(java.util.function.Consumer<StepReport> heard) {
        return heard::accept;
    }

    private static List<Integer> upTo(int steps) {
        List<Integer> all = new ArrayList<>();
        for (int step = 0; step <= steps; step++) {
            all.add(step);
        }
        return all;
    }

    private static Map<String, List<Sample>> domains() {
        return Map.of("short", Counting.samples(40, 42), "long", Counting.samples(43, 45));
    }

    /** All that must be the same, to the last bit. */
    private static List<StepReport.Learning> numbers(TrainResult result) {
        return result.reports().stream().map(StepReport::learning).toList();
    }
}
