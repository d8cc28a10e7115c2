package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Ops;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every single gradient of whole tiny models against central differences of {@link ReferenceDecoder} in double. A wrong
 * backward of any layer shows in its own weights or in those below it, the embedding last.
 */
final class DecoderGradientTest {
    private static final Ops OPS = TestOps.open();
    private static final double STEP = 1e-5;
    private static final long SEED = 20261122;

    @AfterAll
    static void close() {
        OPS.close();
    }

    static Stream<ModelConfig> configs() {
        return Stream.of(TinyModels.QWEN2, TinyModels.QWEN3, TinyModels.LLAMA);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void everyGradientIsTheSlopeOfTheLoss(ModelConfig config) {
        PackedRow row = TinyModels.row(SEED, 5, 4);
        float dloss = 1f / row.targets();
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Decoder model = new Decoder(OPS, weights)) {
            ReferenceDecoder reference = new ReferenceDecoder(weights);
            double loss = model.forwardBackward(row, dloss).sum();
            assertThat(loss).isCloseTo(reference.lossSum(row), within(1e-5));
            for (Parameter parameter : model.parameters()) {
                float[] gradient = Objects.requireNonNull(parameter.gradient()).toArray();
                double[] weight = reference.weight(parameter.name());
                for (int i = 0; i < gradient.length; i++) {
                    double slope = slope(reference, weight, i, row) * dloss;
                    assertThat((double) gradient[i])
                            .as("%s[%d], seed %d", parameter.name(), i, SEED)
                            .isCloseTo(slope, within(4e-6 * Math.max(1, Math.abs(slope))));
                }
            }
        }
    }

    private static double slope(ReferenceDecoder reference, double[] weight, int i, PackedRow row) {
        double there = weight[i];
        weight[i] = there + STEP;
        double above = reference.lossSum(row);
        weight[i] = there - STEP;
        double below = reference.lossSum(row);
        weight[i] = there;
        return (above - below) / (2 * STEP);
    }
}
