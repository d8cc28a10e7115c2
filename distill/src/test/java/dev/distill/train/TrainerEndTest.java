package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.eval.metric.Interval;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves, however it ends: the best or the last weights, and the state before a step that failed. */
class TrainerEndTest {
    private static final int STEPS = 20;
    private static final Ops OPS = new CpuOps();

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** The score rises to step 10 and falls again, as the student of a run that learns by heart. */
    @Test
    void theBestIsTakenThoughItIsNeitherTheLastNorTheLowestLoss() throws IOException {
        Map<Integer, List<List<Float>>> seen = new HashMap<>();
        Exam exam = scripted(Map.of(5, 0.3, 10, 0.7, 15, 0.5, 20, 0.1));
        List<List<Float>> last = run(folder.resolve("last"), TrainSettings.Take.LAST, exam, batches(), seen);
        assertThat(last).isEqualTo(seen.get(20));
        List<List<Float>> best = run(folder.resolve("best"), TrainSettings.Take.BEST, exam, batches(), seen);
        assertThat(best).isEqualTo(seen.get(10)).isNotEqualTo(last);
        assertThat(folder.resolve("best/checkpoint-000010")).isDirectory();

        // one that is finished may be asked for the other
        assertThat(run(folder.resolve("last"), TrainSettings.Take.BEST, exam, batches(), new HashMap<>()))
                .isEqualTo(best);
        assertThat(run(folder.resolve("best"), TrainSettings.Take.LAST, exam, batches(), new HashMap<>()))
                .isEqualTo(last);
    }

    @Test
    void withoutAMeasureTheBestIsTheLast() throws IOException {
        Map<Integer, List<List<Float>>> seen = new HashMap<>();
        List<List<Float>> best = run(folder, TrainSettings.Take.BEST, scripted(Map.of()), batches(), seen);
        assertThat(best).isEqualTo(seen.get(20));
    }

    /** As a teacher behind an API that is away. */
    @Test
    void theStateBeforeAStepThatFailsIsSaved() throws IOException {
        Map<Integer, List<List<Float>>> seen = new HashMap<>();
        List<List<Float>> whole = run(folder.resolve("whole"), TrainSettings.Take.LAST, Exam.NONE, batches(), seen);
        Path failed = folder.resolve("failed");
        assertThatThrownBy(() ->
                        run(failed, TrainSettings.Take.LAST, Exam.NONE, new AwayAt(9, batches()), new HashMap<>()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no answer");
        assertThat(failed.resolve("checkpoint-000008")).isDirectory();
        Map<Integer, List<List<Float>>> again = new HashMap<>();
        assertThat(run(failed, TrainSettings.Take.LAST, Exam.NONE, batches(), again))
                .isEqualTo(whole);
        assertThat(again).containsOnlyKeys(9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    }

    private static PackedBatches batches() {
        return new PackedBatches(Counting.samples(0, 40), 4, 64, 7);
    }

    /** Scores by step; none after the others. */
    private static Exam scripted(Map<Integer, Double> scores) {
        return new Exam() {
            private int due;

            @Override
            public boolean isDue(int step, int steps) {
                due = step;
                return scores.containsKey(step);
            }

            @Override
            public boolean selects() {
                return true;
            }

            @Override
            public String fingerprint() {
                return "scripted";
            }

            @Override
            public Score sit() {
                double score = scores.getOrDefault(due, Double.NaN);
                return new Score(10, new Interval(score, score, score));
            }
        };
    }

    /** The same batches, but for one that cannot be had. */
    private record AwayAt(int failing, PackedBatches batches) implements BatchSource {
        @Override
        public List<PackedRow> step(int step) {
            if (step == failing) {
                throw new UncheckedIOException(new IOException("no answer"));
            }
            return batches.step(step);
        }

        @Override
        public int dropped(int step) {
            return batches.dropped(step);
        }

        @Override
        public String fingerprint() {
            return batches.fingerprint();
        }

        @Override
        public SequencedMap<String, String> identity() {
            return batches.identity();
        }
    }

    /** @param seen gets the weights after each step */
    private static List<List<Float>> run(
            Path folder, TrainSettings.Take take, Exam exam, BatchSource batches, Map<Integer, List<List<Float>>> seen)
            throws IOException {
        TrainSettings settings = new TrainSettings(
                        STEPS,
                        new Schedule(3e-2, 3, STEPS, 0.1, Schedule.Decay.Cosine.HALF),
                        AdamWSettings.DEFAULT,
                        STEPS,
                        new Saving(5, 1),
                        BadSteps.DEFAULT)
                .taking(take);
        try (ModelWeights weights = ModelWeights.random(Counting.CONFIG, 0.2, 1);
                Decoder model = new Decoder(OPS, weights)) {
            new Trainer(model, settings, batches, Validation.of(Counting.samples(40, 44), 64), Meter.UNRATED)
                    .with(exam)
                    .run(folder, report -> seen.put(report.step(), Counting.values(weights)), () -> false);
            seen.remove(0);
            return Counting.values(weights);
        }
    }
}
