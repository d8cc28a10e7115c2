package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.Divergence;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.SoftTargets;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One model's word to another. */
final class TeacherTest {
    private static final PackedRow ROW = TinyModels.row(5, 7, 4);

    private final Ops ops = new CpuOps(2);

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 1", "4, 2.5", "50, 1"})
    void theLikeliestTokensAreThoseOfTheLogits(int k, double temperature) {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, 3);
                Decoder model = new Decoder(ops, weights)) {
            TeacherRows teacher = model.likeliest(ROW, k, temperature);
            assertThat(teacher.rows()).isEqualTo(11);
            model.forEachLogits(ROW, (n, logits_V) -> {
                double[] expected = logSoftmax(logits_V.toArray(), temperature);
                int[] best = IntStream.range(0, expected.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(id -> -expected[id]))
                        .mapToInt(id -> id)
                        .limit(k)
                        .toArray();
                if (ROW.targets_N()[n] == CrossEntropy.NO_TARGET) {
                    assertThat(teacher.count(n)).isZero();
                    return;
                }
                assertThat(teacher.count(n)).isEqualTo(best.length);
                for (int i = 0; i < best.length; i++) {
                    assertThat(teacher.id(n, i)).as("row %d, place %d", n, i).isEqualTo(best[i]);
                    assertThat((double) teacher.logProbability(n, i)).isCloseTo(expected[best[i]], within(2e-6));
                }
            });
        }
    }

    @Test
    void isNoDistanceFromItself() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, 3);
                Decoder model = new Decoder(ops, weights)) {
            for (int k : new int[] {1, 4, TinyModels.VOCABULARY}) {
                TeacherRows teacher = model.likeliest(ROW, k, 2);
                LossSum loss = model.loss(taught(teacher, new Divergence.ForwardKl(), 2));
                assertThat(loss.divergence()).isCloseTo(0, within(1e-5));
                assertThat(loss.crossEntropy()).isEqualTo(model.loss(ROW).sum());
            }
        }
    }

    /** Trained on the teacher's word alone, a student comes to say the same. */
    @Test
    void drawsTheStudentToItself() {
        for (Divergence divergence : List.of(new Divergence.ForwardKl(), new Divergence.ReverseKl())) {
            try (ModelWeights wise = TinyModels.weights(TinyModels.QWEN2, 3);
                    Decoder teacher = new Decoder(ops, wise);
                    ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, 4);
                    Decoder student = new Decoder(ops, weights);
                    Optimizer optimizer = new Optimizer(ops, student.trained(), AdamWSettings.DEFAULT)) {
                PackedRow row = taught(teacher.likeliest(ROW, 4, 1), divergence, 1);
                TrainStep step = new TrainStep(student, optimizer);
                double before = student.loss(row).divergence();
                for (int i = 0; i < 150; i++) {
                    step.run(List.of(row), 0.02);
                }
                assertThat(student.loss(row).divergence()).as("%s", divergence).isLessThan(0.01 * before);
            }
        }
    }

    private static PackedRow taught(TeacherRows teacher, Divergence divergence, double temperature) {
        Distillation how = new Distillation(divergence, temperature, 1);
        return new PackedRow(ROW.ids_N(), ROW.targets_N(), ROW.sequences(), new SoftTargets(teacher, how));
    }

    private static double[] logSoftmax(float[] logits, double temperature) {
        double[] scaled = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i] / temperature)
                .toArray();
        double sum = Arrays.stream(scaled).map(Math::exp).sum();
        return Arrays.stream(scaled).map(value -> value - Math.log(sum)).toArray();
    }
}
