package dev.distill.student.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.layer.Parameter;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** That its numbers are PyTorch's is TransformersParityTest's to show. */
final class OptimizerTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 11;

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void goesOnFromItsStateWithTheSameBits() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, SEED);
                Decoder model = new Decoder(OPS, weights);
                Optimizer optimizer = new Optimizer(OPS, model.trained(), AdamWSettings.DEFAULT);
                ModelWeights otherWeights = TinyModels.weights(TinyModels.QWEN3, SEED + 1);
                Decoder otherModel = new Decoder(OPS, otherWeights);
                Optimizer resumed = new Optimizer(OPS, otherModel.trained(), AdamWSettings.DEFAULT)) {
            run(model, optimizer, 0, 4);
            resumed.state().forEach((name, tensor) -> {
                Tensor saved = Objects.requireNonNull(optimizer.state().get(name));
                tensor.segment().copyFrom(saved.segment());
            });
            resumed.resumeAt(optimizer.updates());
            List<TrainStep.Result> through = run(model, optimizer, 4, 8);
            assertThat(run(otherModel, resumed, 4, 8)).isEqualTo(through);
            assertThat(bits(resumed)).isEqualTo(bits(optimizer));
        }
    }

    @Test
    void runsOfTheSameSeedsGiveTheSameBits() {
        assertThat(bitsOfARun()).isEqualTo(bitsOfARun());
    }

    private static Map<String, Integer> bitsOfARun() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Optimizer optimizer = new Optimizer(OPS, model.trained(), AdamWSettings.DEFAULT)) {
            run(model, optimizer, 0, 10);
            return bits(optimizer);
        }
    }

    @Test
    void onlyMatricesDecay() {
        AdamWSettings decaying = new AdamWSettings(0.9, 0.95, 1e-8, 0.5, 1);
        try (Arena arena = Arena.ofShared()) {
            Parameter matrix = Parameter.trained("w", Tensor.of(arena, new float[] {1, 2}, 1, 2), arena);
            Parameter vector = Parameter.trained("norm", Tensor.of(arena, new float[] {1, 2}, 2), arena);
            try (Optimizer optimizer = new Optimizer(OPS, List.of(matrix, vector), decaying)) {
                assertThat(optimizer.step(0.1)).isEqualTo(0); // no gradient: only the decay moves anything
                assertThat(matrix.value().toArray()).containsExactly(new float[] {0.95f, 1.9f}, within(1e-6f));
                assertThat(vector.value().toArray()).containsExactly(1, 2);
            }
        }
    }

    @Test
    void aGradientThatIsNotANumberTouchesNothing() {
        try (Arena arena = Arena.ofShared()) {
            Parameter weight = Parameter.trained("w", Tensor.of(arena, new float[] {1, 2}, 1, 2), arena);
            try (Optimizer optimizer = new Optimizer(OPS, List.of(weight), AdamWSettings.DEFAULT)) {
                Tensor gradient = Objects.requireNonNull(weight.gradient());
                gradient.set(1, Float.NaN);
                assertThatThrownBy(() -> optimizer.step(0.1))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessageContaining("update 1 has a gradient norm of NaN");
                assertThat(weight.value().toArray()).containsExactly(1, 2);
                assertThat(gradient.toArray()).containsOnly(0);
                assertThat(optimizer.updates()).isZero();
            }
        }
    }

    @Test
    void refusesAModelOrABatchWithNothingToTrain() {
        assertThatThrownBy(() -> new Optimizer(OPS, List.of(), AdamWSettings.DEFAULT))
                .hasMessageContaining("every weight is frozen");
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Optimizer optimizer = new Optimizer(OPS, model.trained(), AdamWSettings.DEFAULT)) {
            PackedRow masked = TinyModels.row(SEED, 2); // its first two positions have no target
            assertThatThrownBy(() -> new TrainStep(model, optimizer).run(List.of(masked), 0.1))
                    .hasMessageContaining("none of the 1 micro-batches has a target");
        }
    }

    private static List<TrainStep.Result> run(Decoder model, Optimizer optimizer, int from, int to) {
        TrainStep step = new TrainStep(model, optimizer);
        return IntStream.range(from, to)
                .mapToObj(i -> step.run(List.of(TinyModels.row(i, 7, 5), TinyModels.row(i + 100, 9)), 1e-2))
                .toList();
    }

    private static Map<String, Integer> bits(Optimizer optimizer) {
        Map<String, Integer> hashes = new LinkedHashMap<>();
        optimizer.state().forEach((name, tensor) -> hashes.put(name, Arrays.hashCode(tensor.toArray())));
        return hashes;
    }
}
