package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Schedule;
import dev.distill.train.BadSteps.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps that would spoil a student that learns to count: batches that count downwards, and weights that are no numbers. */
class BadStepsTest {
    private static final int STEPS = 80;
    private static final int SPOILT = 60;
    private static final int EVERY = 7;
    private static final Ops OPS = new CpuOps(1);

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** Medians and deviations by hand: 1 to 9 have a median of 5 and a median deviation of 2. */
    @ParameterizedTest
    @CsvSource({
        "NaN,      0, 30, true",
        "Infinity, 0, 30, true",
        "1e9,      0, 30, false", // off
        "25.1,     2, 27, true", // 5 + 10 * 2 = 25
        "25,       2, 27, false",
        "25.1,     6, 27, false", // 6 * 5 = 30
        "30.1,     6, 27, true",
        "1e9,      2, 18, false", // fewer than 20 before it
    })
    void whatASpikeIs(double loss, double factor, int before, boolean bad) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < before; i++) {
            losses.add(1.0 + i % 9);
        }
        Collections.shuffle(losses, new Random(1));
        BadSteps rule = new BadSteps(Policy.STOP, factor);
        assertThat(rule.problem(loss, losses).isPresent()).isEqualTo(bad);
    }

    @Test
    void onlyTheLastFiftyLossesCount() {
        List<Double> losses = List.of();
        for (int i = 0; i < 70; i++) {
            losses = BadSteps.with(losses, i);
        }
        assertThat(BadSteps.with(losses, Double.NaN))
                .hasSize(50)
                .startsWith(20.0)
                .endsWith(69.0);
        assertThatThrownBy(() -> new BadSteps(Policy.STOP, 1))
                .hasMessage("train: spike-factor must be 0 (for never) or above 1, got 1.0");
    }

    @Test
    void aSpikeStopsTheRunNamesItsTracesAndTheStateBeforeItIsSaved() throws IOException {
        assertThatThrownBy(() -> run(folder, Policy.STOP, step -> false, step -> false))
                .isInstanceOf(BadStepException.class)
                .hasMessageMatching(
                        "train: step 60 is bad: its loss of \\S+ is a spike: the last 50 have a median of \\S+,"
                                + " deviating by \\S+ \\(train.spike-factor: 2.0\\). Its batch: traces t\\d+, t\\d+, t\\d+, t\\d+. Step"
                                + " 59 is saved. Look at these traces, or lower the learning rate; with train.on-bad-step: skip or"
                                + " roll-back the same command goes on without them");
        assertThat(folder.resolve("checkpoint-000059/SHA256SUMS")).exists();
        // it is as bad when it is tried again, and with the other policy the run goes on
        assertThatThrownBy(() -> run(folder, Policy.STOP, step -> false, step -> false))
                .isInstanceOf(BadStepException.class);
        Outcome gone = run(folder, Policy.SKIP, step -> false, step -> false);
        assertThat(gone).isEqualTo(run(folder.resolve("skip"), Policy.SKIP, step -> false, step -> false));
    }

    @Test
    void aStepThatIsLeftOutMakesNoUpdate() throws IOException {
        Outcome skipped = run(folder, Policy.SKIP, step -> false, step -> false);
        assertThat(skipped.skipped()).containsExactly(SPOILT);
        StepReport bad = skipped.reports.get(SPOILT);
        assertThat(bad.trainedTokens()).isZero();
        assertThat(bad.gradientNorm()).isNaN();
        assertThat(bad.loss()).isGreaterThan(2 * skipped.reports.get(SPOILT - 1).loss());
        assertThat(trainer(folder, STEPS).updates()).isEqualTo(STEPS - 1);
    }

    @Test
    void rollingBackLeavesOutAllBatchesSinceTheCheckpoint() throws IOException {
        Outcome back = run(folder, Policy.ROLL_BACK, step -> false, step -> false);
        // a checkpoint every 7 steps: that of 56
        assertThat(back.skipped()).containsExactly(57, 58, 59, 60);
        assertThat(trainer(folder, STEPS).updates()).isEqualTo(STEPS - 4);
    }

    /** Whenever a run is killed, and wherever it is asked to stop: the same weights, the same figures, the same steps left out. */
    @ParameterizedTest
    @EnumSource(names = {"SKIP", "ROLL_BACK"})
    void aRunWithABadStepComesToTheSameBitsAfterAnInterruption(Policy policy) throws IOException {
        Outcome whole = run(folder.resolve("whole"), policy, step -> false, step -> false);
        for (int at : new int[] {50, 55, 56, 57, 58, 59, 60, 61, 63, 79}) {
            Path killed = folder.resolve("killed" + at);
            assertThatThrownBy(() -> run(killed, policy, step -> step == at, step -> false))
                    .hasMessage("power is gone");
            assertThat(run(killed, policy, step -> false, step -> false))
                    .as("killed at " + at)
                    .isEqualTo(whole);
            Path stopped = folder.resolve("stopped" + at);
            assertThatThrownBy(() -> run(stopped, policy, step -> false, step -> step == at))
                    .isInstanceOf(Trainer.StoppedException.class);
            assertThat(run(stopped, policy, step -> false, step -> false))
                    .as("stopped at " + at)
                    .isEqualTo(whole);
        }
    }

    @Test
    void weightsThatAreNoNumbersAreRolledBack() throws IOException {
        // no batch is spoilt here: a weight is, after step 30, as by a bit that flips in memory
        Outcome back = run(folder, Policy.ROLL_BACK, step -> false, step -> false, 30);
        assertThat(back.skipped()).startsWith(29, 30, 31);
        assertThat(back.reports.getLast().validationLoss()).isFinite().isLessThan(1);
        assertThatThrownBy(() -> run(folder.resolve("stop"), Policy.STOP, step -> false, step -> false, 30))
                .hasMessageStartingWith("train: step 31 is bad: its loss is NaN. Its batch: traces t");
    }

    private record Outcome(List<StepReport> reports, List<List<Float>> weights, List<Integer> skipped) {
        /** All but the seconds. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Outcome(var otherReports, var otherWeights, var otherSkipped)
                    && numbers(reports).equals(numbers(otherReports))
                    && weights.equals(otherWeights)
                    && skipped.equals(otherSkipped);
        }

        @Override
        public int hashCode() {
            return weights.hashCode();
        }

        private static List<List<Double>> numbers(List<StepReport> reports) {
            return reports.stream()
                    .map(report -> List.of(
                            report.loss(),
                            report.gradientNorm(),
                            report.learningRate(),
                            (double) report.trainedTokens(),
                            report.validationLoss()))
                    .toList();
        }
    }

    private static Outcome run(Path folder, Policy policy, IntPredicate kill, IntPredicate stop) throws IOException {
        return run(folder, policy, kill, stop, -1);
    }

    /** @param poisoned the step after which a weight becomes NaN, once; -1 for none */
    private static Outcome run(Path folder, Policy policy, IntPredicate kill, IntPredicate stop, int poisoned)
            throws IOException {
        BatchSource batches =
                new Spoilt(new PackedBatches(Counting.samples(0, 40), 4, 64, 7), poisoned < 0 ? SPOILT : -1);
        TrainSettings settings = new TrainSettings(
                STEPS,
                new Schedule(3e-2, 3, STEPS, 0.1, Schedule.Decay.Cosine.HALF),
                AdamWSettings.DEFAULT,
                10,
                new Saving(EVERY, 2),
                new BadSteps(policy, 2));
        int[] last = {0};
        try (ModelWeights weights = ModelWeights.random(Counting.CONFIG, 0.2, 1);
                Decoder model = new Decoder(OPS, weights)) {
            TrainListener listener = report -> {
                last[0] = report.step();
                if (kill.test(report.step())) {
                    throw new IllegalStateException("power is gone");
                }
                if (report.step() == poisoned) {
                    weights.get("model.norm.weight").set(0, Float.NaN);
                }
            };
            Validation validation = Validation.of(Counting.samples(40, 44), 64);
            TrainResult result = new Trainer(model, settings, batches, validation, Meter.UNRATED)
                    .run(folder, listener, () -> stop.test(last[0]));
            return new Outcome(
                    result.reports(),
                    Counting.values(weights),
                    trainer(folder, STEPS).skipped());
        }
    }

    private static TrainState trainer(Path folder, int step) throws IOException {
        Path file = CheckpointFolder.of(folder, step).path().resolve("trainer.json");
        return TrainState.read(new ObjectMapper().readTree(file.toFile()));
    }

    /** The batches of another source, one of which teaches to count downwards. */
    private record Spoilt(PackedBatches batches, int at) implements BatchSource {
        @Override
        public int dropped(int step) {
            return batches.dropped(step);
        }

        @Override
        public List<PackedRow> step(int step) {
            List<PackedRow> rows = batches.step(step);
            return step != at ? rows : rows.stream().map(Spoilt::downwards).toList();
        }

        private static PackedRow downwards(PackedRow row) {
            int[] targets = IntStream.range(0, row.ids_N().length)
                    .map(n -> row.targets_N()[n] < 0 ? -1 : (row.ids_N()[n] + 15) % 16)
                    .toArray();
            return new PackedRow(row.ids_N(), targets, row.sequences());
        }

        @Override
        public List<String> traceIds(int step) {
            return batches.traceIds(step);
        }

        @Override
        public String fingerprint() {
            return batches.fingerprint() + at;
        }
    }
}
