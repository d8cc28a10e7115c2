package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.nd4j.NdOps;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingNoiseTest {
    private static final int WIDTH = 64;
    private static final double ALPHA = 5;

    private static float[] noise(EmbeddingNoise noise, int... lengths) {
        Sequences sequences = Sequences.ofLengths(lengths);
        try (Arena arena = Arena.ofConfined()) {
            Tensor x_NC = Tensor.allocate(arena, DType.FLOAT, sequences.rows(), WIDTH);
            noise.addTo(x_NC, sequences);
            return x_NC.toArray();
        }
    }

    /** Algorithm 1 of the paper: uniform on [-1, 1] times alpha over the root of L d, so of variance alpha^2 / (3 L d). */
    @Test
    void itIsEvenAndAsLargeAsThePaperHasIt() {
        int[] lengths = {300, 50};
        float[] noise = noise(new EmbeddingNoise(ALPHA, 7), lengths);
        int begin = 0;
        for (int length : lengths) {
            int count = length * WIDTH;
            double most = ALPHA / Math.sqrt(count);
            double[] of = IntStream.range(begin, begin + count)
                    .mapToDouble(i -> noise[i] / most)
                    .toArray();
            begin += count;
            assertThat(Arrays.stream(of))
                    .allSatisfy(number -> assertThat(number).isBetween(-1.000001, 1.000001));
            // five deviations of the mean of n numbers of variance 1/3, and of the mean of their squares, whose
            // variance is 1/5 - 1/9
            assertThat(Arrays.stream(of).average().orElseThrow()).isCloseTo(0, within(5 * Math.sqrt(1.0 / 3 / count)));
            assertThat(Arrays.stream(of).map(x -> x * x).average().orElseThrow())
                    .isCloseTo(1.0 / 3, within(5 * Math.sqrt((1.0 / 5 - 1.0 / 9) / count)));
            // as many in each tenth: chi-square with 9 degrees of freedom stays below 27.9 with probability 0.999
            long[] tenths = new long[10];
            Arrays.stream(of).forEach(x -> tenths[(int) Math.clamp((long) Math.floor((x + 1) * 5), 0, 9)]++);
            double expected = count / 10.0;
            assertThat(Arrays.stream(tenths)
                            .mapToDouble(n -> (n - expected) * (n - expected) / expected)
                            .sum())
                    .isLessThan(27.9);
        }
        assertThat(begin).isEqualTo(noise.length);
    }

    @Test
    void itDependsOnSeedStepRowAndPlaceAlone() {
        EmbeddingNoise noise = new EmbeddingNoise(ALPHA, 7);
        float[] first = noise(noise.of(3).of(0), 20);
        assertThat(noise(new EmbeddingNoise(ALPHA, 7).of(3).of(0), 20)).containsExactly(first);
        assertThat(noise(noise.of(3).of(1), 20)).isNotEqualTo(first);
        assertThat(noise(noise.of(4).of(0), 20)).isNotEqualTo(first);
        assertThat(noise(new EmbeddingNoise(ALPHA, 8).of(3).of(0), 20)).isNotEqualTo(first);
        assertThat(noise(EmbeddingNoise.NONE.of(3), 20)).containsOnly(0);
        assertThatThrownBy(() -> new EmbeddingNoise(-1, 0)).hasMessageContaining("finite number from 0; got -1.0");
    }

    /** Computed again in the backward or not, and the loss that is measured without gradients has none of it. */
    @Test
    void itIsTheSameWhereActivationsAreComputedAgain() {
        PackedRow row = TinyModels.row(11, 6, 5);
        EmbeddingNoise noise = new EmbeddingNoise(ALPHA, 3);
        try (Ops ops = new NdOps();
                ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, 11);
                Decoder keeping = new Decoder(ops, weights)) {
            LossSum plain = keeping.loss(row);
            assertThat(keeping.forwardBackward(row, 1, new EmbeddingNoise(0, 3)))
                    .isEqualTo(plain);
            forget(keeping);
            LossSum kept = keeping.forwardBackward(row, 1, noise);
            assertThat(kept).isNotEqualTo(plain);
            float[] expected = embeddingGradient(keeping);
            forget(keeping);
            try (Decoder again = new Decoder(ops, weights, ProjectionWrapper.NONE, Decoder.Memory.RECOMPUTE)) {
                assertThat(again.forwardBackward(row, 1, noise)).isEqualTo(kept);
                assertThat(embeddingGradient(again)).containsExactly(expected);
            }
            assertThat(keeping.loss(row)).isEqualTo(plain);
        }
    }

    private static float[] embeddingGradient(Decoder model) {
        return Objects.requireNonNull(model.trained().getFirst().gradient()).toArray();
    }

    private static void forget(Decoder model) {
        for (Parameter parameter : model.trained()) {
            Tensor gradient = Objects.requireNonNull(parameter.gradient());
            gradient.setAll(new float[(int) gradient.size()]);
        }
    }
}
