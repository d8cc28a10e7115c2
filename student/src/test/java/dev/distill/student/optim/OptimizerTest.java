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
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.ExactTensors;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.StorageType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That its numbers are PyTorch's is TransformersParityTest's to show. */
final class OptimizerTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 11;
    private static final OptimizerSettings EIGHT_BITS = new EightBitAdamWSettings(AdamWSettings.DEFAULT);

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

    /** 4,100 numbers have eight bits, 8 have not; what goes on from a saved file goes on to the same bits. */
    @Test
    void goesOnFromEightBitsInAFile(@TempDir Path folder) throws Exception {
        try (Arena arena = Arena.ofShared()) {
            List<Parameter> through = largeAndSmall(arena);
            List<Parameter> halves = largeAndSmall(arena);
            try (Optimizer optimizer = new Optimizer(OPS, through, EIGHT_BITS);
                    Optimizer first = new Optimizer(OPS, halves, EIGHT_BITS);
                    Optimizer second = new Optimizer(OPS, halves, EIGHT_BITS)) {
                assertThat(optimizer.state().values())
                        .extracting(Tensor::type)
                        .containsExactly(
                                DType.FLOAT,
                                DType.DYNAMIC,
                                DType.UNSIGNED_DYNAMIC,
                                DType.FLOAT,
                                DType.FLOAT,
                                DType.FLOAT);
                run(through, optimizer, 0, 6);
                run(halves, first, 0, 3);
                Path file = folder.resolve("state.safetensors");
                SafetensorsWriter.write(file, items(first), Map.of());
                halves.forEach(parameter -> OPS.fill(parameter.value(), 7));
                try (SafetensorsFile saved = SafetensorsFile.open(file)) {
                    assertThat(saved.entry("moment1/large").type()).isEqualTo(StorageType.U8);
                    assertThat(saved.entry("moment2/large.absmax").shape()).containsExactly(17L);
                    for (Map.Entry<String, Tensor> entry : second.state().entrySet()) {
                        ExactTensors.restore(saved, entry.getKey(), entry.getValue());
                    }
                    assertThatThrownBy(() -> ExactTensors.restore(
                                    saved, "moment1/large", halves.get(1).value()))
                            .hasMessageContaining("must have 32 bytes; got 4100");
                }
                second.resumeAt(3);
                run(halves, second, 3, 6);
                second.state().forEach((name, tensor) -> {
                    Tensor expected = Objects.requireNonNull(optimizer.state().get(name));
                    assertThat(tensor.segment().mismatch(expected.segment()))
                            .as(name)
                            .isEqualTo(-1);
                });
            }
        }
    }

    private static List<Parameter> largeAndSmall(Arena arena) {
        Tensor large = Tensor.allocate(arena, DType.FLOAT, 41, 100);
        OPS.fill(large, 0.5f);
        Tensor small = Tensor.of(arena, new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 8);
        return List.of(Parameter.trained("large", large, arena), Parameter.trained("small", small, arena));
    }

    private static void run(List<Parameter> parameters, Optimizer optimizer, int from, int to) {
        for (int step = from; step < to; step++) {
            Random random = new Random(SEED + step);
            for (Parameter parameter : parameters) {
                Tensor gradient = Objects.requireNonNull(parameter.gradient());
                for (long i = 0; i < gradient.size(); i++) {
                    gradient.set(i, (float) random.nextGaussian());
                }
            }
            optimizer.step(1e-2);
        }
    }

    private static List<SafetensorsWriter.Item> items(Optimizer optimizer) {
        return optimizer.state().entrySet().stream()
                .flatMap(entry -> ExactTensors.items(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    /** AdamW's first update is the learning rate, whatever the gradient. */
    @Test
    void aRateFactorMultipliesTheLearningRate() {
        try (Arena arena = Arena.ofShared()) {
            Parameter plain = Parameter.trained("a", Tensor.of(arena, new float[] {1}, 1), arena);
            Parameter faster = Parameter.trained("b", Tensor.of(arena, new float[] {1}, 1), arena)
                    .withRateFactor(16);
            try (Optimizer optimizer = new Optimizer(OPS, List.of(plain, faster), AdamWSettings.DEFAULT)) {
                OPS.fill(Objects.requireNonNull(plain.gradient()), 0.5f);
                OPS.fill(Objects.requireNonNull(faster.gradient()), 0.25f);
                optimizer.step(0.01);
                assertThat(plain.value().get(0)).isCloseTo(0.99f, within(1e-6f));
                assertThat(faster.value().get(0)).isCloseTo(0.84f, within(1e-6f));
            }
            assertThatThrownBy(() -> plain.withRateFactor(0)).hasMessage("a: a rate factor must be above 0, got 0.0");
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
