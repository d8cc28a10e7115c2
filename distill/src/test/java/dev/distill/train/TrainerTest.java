package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Sample.Span;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.Rope;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Schedule;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        List<Sample> mixed = new ArrayList<>(samples(0, 3)); // of 6, 7 and 8 tokens
        PackedBatches batches = new PackedBatches(mixed, 2, 7, 1);
        int here = batches.step(1).stream()
                        .mapToInt(row -> row.sequences().count())
                        .sum()
                + batches.step(2).stream()
                        .mapToInt(row -> row.sequences().count())
                        .sum();
        assertThat(batches.samples(1)).isEqualTo(2);
        assertThat(batches.samples(2)).isEqualTo(1);
        assertThat(batches.samples(3)).isEqualTo(2);
        assertThat(batches.samples(1) + batches.samples(2) - here).isOne();
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
        // what a kill may leave: a torn line, and a checkpoint whose last file is not there yet
        Files.writeString(killed.resolve("metrics.jsonl"), "{\"step\":20,\"lo", StandardOpenOption.APPEND);
        Path torn = Files.createDirectory(killed.resolve("checkpoint-000021"));
        Files.write(torn.resolve("state.safetensors"), new byte[100]);
        List<Integer> steps = new ArrayList<>();
        Run resumed = run(killed, 7, listener(report -> steps.add(report.step())), () -> false);
        assertThat(steps).first().isEqualTo(15); // a checkpoint every 7 steps
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(numbers(resumed.result())).isEqualTo(numbers(whole.result()));
    }

    @Test
    void theNewestTwoCheckpointsAreKept() throws IOException {
        run(folder, 7, listener(report -> {}), () -> false);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("metrics.jsonl", "checkpoint-000028", "checkpoint-000030");
        }
    }

    @Test
    void aCheckpointOfOtherDataIsRefused() throws IOException {
        run(folder, 7, listener(report -> {}), () -> false);
        assertThatThrownBy(() -> run(folder, 8, listener(report -> {}), () -> false))
                .hasMessageContaining("checkpoint-000030")
                .hasMessageContaining("belongs to a run with other data or settings; give the run another folder");
    }

    private record Run(TrainResult result, List<List<Float>> weights) {}

    /** Trains, with checkpoints every 7 steps; {@code dataSeed} decides the order of the samples. */
    private static Run run(Path folder, long dataSeed, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        return run(OPS, folder, dataSeed, listener, stop);
    }

    private static Run run(Ops ops, Path folder, long dataSeed, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        ModelConfig config = new ModelConfig(
                new Family.Qwen2(),
                16,
                8,
                1,
                new AttentionShape(2, 1, 4, true, false, false),
                16,
                Rope.of(100),
                1e-6,
                true,
                32,
                List.of(0));
        PackedBatches batches = new PackedBatches(samples(0, 40), 4, 64, dataSeed);
        TrainSettings settings = new TrainSettings(
                STEPS, new Schedule(3e-2, 3, STEPS, 0.1, Schedule.Decay.Cosine.HALF), AdamWSettings.DEFAULT, 10, 7);
        try (ModelWeights weights = ModelWeights.random(config, 0.2, 1);
                Decoder model = new Decoder(ops, weights)) {
            TrainResult result = new Trainer(model, settings, batches, Validation.of(domains(), 64), Meter.UNRATED)
                    .run(folder, listener, stop);
            List<List<Float>> values = new ArrayList<>();
            for (String name : weights.names()) {
                List<Float> one = new ArrayList<>();
                Tensor tensor = weights.get(name);
                for (long i = 0; i < tensor.size(); i++) {
                    one.add(tensor.get(i));
                }
                values.add(one);
            }
            return new Run(result, values);
        }
    }

    /** Counting upwards, modulo 16; the first number is given, the others are to be learnt. */
    private static List<Sample> samples(int from, int to) {
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int[] ids = new int[6 + i % 5];
            for (int t = 0; t < ids.length; t++) {
                ids[t] = (i + t) % 16;
            }
            samples.add(new Sample("t" + i, ids, List.of(new Span(1, ids.length))));
        }
        return samples;
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
        return Map.of("short", samples(40, 42), "long", samples(43, 45));
    }

    /** All that must be the same, to the last bit. */
    private static List<StepReport.Learning> numbers(TrainResult result) {
        return result.reports().stream().map(StepReport::learning).toList();
    }
}
