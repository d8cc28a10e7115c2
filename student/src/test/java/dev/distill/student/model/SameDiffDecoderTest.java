package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NdOps;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole decoders, two blocks each, on both backends: their gradients by every weight are those that SameDiff derives. */
final class SameDiffDecoderTest {
    private static final long SEED = 20261124;

    /**
     * Of a weight's largest gradient, or of 1 where all are smaller: in the gradient of a key's bias, for instance, large terms cancel. Measured:
     * 6e-6, of which both backends share most, for both round the same activations to floats.
     */
    private static final double TOLERANCE = 1e-5;

    static Stream<ModelConfig> configs() {
        return Stream.of(TinyModels.QWEN2, TinyModels.QWEN3, TinyModels.LLAMA);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void bothBackendsHaveSameDiffsGradients(ModelConfig config) {
        PackedRow row = TinyModels.row(SEED, 1, 9, 6);
        float dloss = 0.125f;
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Ops cpu = new CpuOps();
                Ops reference = new NdOps()) {
            SameDiffDecoder judge = new SameDiffDecoder(weights, row, dloss);
            for (Ops ops : new Ops[] {cpu, reference}) {
                try (Decoder model = new Decoder(ops, weights)) {
                    double loss = model.forwardBackward(row, dloss).sum();
                    assertThat(loss).as(ops.describe()).isCloseTo(judge.lossSum(), within(1e-6 * loss));
                    for (Parameter parameter : model.trained()) {
                        assertSame(ops, parameter, judge.gradient(parameter.name()));
                    }
                }
            }
        }
    }

    /** Compares, and zeros the gradient for the next backend. */
    private static void assertSame(Ops ops, Parameter parameter, double[] expected) {
        float[] actual = Objects.requireNonNull(parameter.gradient()).toArray();
        ops.fill(Objects.requireNonNull(parameter.gradient()), 0);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i])
                    .as("%s: gradient of %s[%d], seed %d", ops.describe(), parameter.name(), i, SEED)
                    .isCloseTo(expected[i], within(TOLERANCE * Math.max(1, largest)));
        }
    }
}
