package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.model.Decoder.Memory;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One step of eight packed rows: as eight micro-batches, as one, as two, with activations kept or computed again. Loss and gradients are the
 * same up to the rounding of sums in another order.
 */
final class BatchingTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 20261125;
    private static final double TOLERANCE = 1e-6;

    /** Of the whole gradient: libraries that take other kernels for other sizes (OpenBLAS with vectors of 256 bits) come to 1.7e-6. */
    private static final double WHOLE_GRADIENT = 4e-6;

    /** Of one parameter's gradient, which may be what is left of much larger terms: vectors of 256 bits come to 2.5e-6, of 512 to less than 1e-6. */
    private static final double ONE_GRADIENT = 5e-6;

    /** Eight rows, most of several sequences, from 1 to 9 tokens. */
    private static final List<PackedRow> ROWS = IntStream.range(0, 8)
            .mapToObj(i -> TinyModels.row(SEED + i, 3 + i % 3, 1 + i % 2, 9 - i))
            .toList();

    @AfterAll
    static void close() {
        OPS.close();
    }

    static Stream<ModelConfig> configs() {
        return Stream.of(TinyModels.QWEN2, TinyModels.QWEN3, TinyModels.LLAMA);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void aFullStepIsTheSameHoweverItIsCut(ModelConfig config) {
        try (ModelWeights weights = TinyModels.weights(config, SEED)) {
            assertSameHoweverItIsCut(weights, ProjectionWrapper.NONE);
        }
    }

    @Test
    void aStepOfAnAdapterIsTheSameHoweverItIsCut() throws Exception {
        ModelConfig config = TinyModels.QWEN2;
        try (ModelWeights source = TinyModels.weights(config, SEED);
                ModelWeights frozen = ModelWeights.load(config, source, OPS, ModelWeights.Use.FROZEN);
                Lora lora = Lora.create(new LoraConfig(3, 6, false, List.of(LoraConfig.ALL_LINEAR), SEED), config)) {
            // the second factors start at zero, which would leave the first without a gradient
            lora.parameters().forEach(parameter -> {
                TinyModels.randomise(parameter.value(), SEED);
                OPS.scale(
                        parameter.value(),
                        0.25f); // a small change of the base, as adapters are: a large one magnifies rounding
            });
            assertSameHoweverItIsCut(frozen, lora);
        }
    }

    private static void assertSameHoweverItIsCut(ModelWeights weights, ProjectionWrapper wrapper) {
        try (Decoder keeping = new Decoder(OPS, weights, wrapper, Memory.KEEP);
                Decoder again = new Decoder(OPS, weights, wrapper, Memory.RECOMPUTE)) {
            Step eightByOne = step(keeping, 1);
            for (int rows : new int[] {1, 4, 8}) {
                for (Decoder model : List.of(keeping, again)) {
                    String how = rows + " rows at a time, " + (model == again ? "recomputed" : "kept");
                    eightByOne.assertSame(how, step(model, rows));
                }
            }
        }
    }

    /** Loss and gradients of the eight rows. */
    private record Step(LossSum loss, Map<String, float[]> gradients) {

        /** The length of the difference of the whole gradient is at most the tolerance times its length; of each part of it, a little more. */
        void assertSame(String how, Step other) {
            assertThat(other.loss.count()).as(how).isEqualTo(loss.count());
            assertThat(other.loss.sum()).as(how).isCloseTo(loss.sum(), within(TOLERANCE * loss.sum()));
            double allDifferences = 0;
            double allLengths = 0;
            for (var entry : gradients.entrySet()) {
                float[] actual = Objects.requireNonNull(other.gradients.get(entry.getKey()), entry.getKey());
                double difference = 0;
                double length = 0;
                for (int i = 0; i < actual.length; i++) {
                    difference += Math.pow((double) actual[i] - entry.getValue()[i], 2);
                    length += Math.pow(entry.getValue()[i], 2);
                }
                assertThat(Math.sqrt(difference))
                        .as("%s: gradient of %s, seed %d", how, entry.getKey(), SEED)
                        .isLessThanOrEqualTo(ONE_GRADIENT * Math.sqrt(length));
                allDifferences += difference;
                allLengths += length;
            }
            assertThat(Math.sqrt(allDifferences))
                    .as("%s: whole gradient, seed %d", how, SEED)
                    .isLessThanOrEqualTo(WHOLE_GRADIENT * Math.sqrt(allLengths));
        }
    }

    /** @param rows in each micro-batch */
    private static Step step(Decoder model, int rows) {
        float dloss = 1f / ROWS.stream().mapToInt(PackedRow::targets).sum();
        LossSum loss = new LossSum(0, 0);
        for (int from = 0; from < ROWS.size(); from += rows) {
            loss = loss.plus(model.forwardBackward(joined(ROWS.subList(from, from + rows)), dloss));
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (Parameter parameter : model.trained()) {
            Tensor gradient = Objects.requireNonNull(parameter.gradient());
            gradients.put(parameter.name(), gradient.toArray());
            OPS.fill(gradient, 0);
        }
        return new Step(loss, gradients);
    }

    private static PackedRow joined(List<PackedRow> rows) {
        return new PackedRow(
                rows.stream().flatMapToInt(row -> Arrays.stream(row.ids_N())).toArray(),
                rows.stream()
                        .flatMapToInt(row -> Arrays.stream(row.targets_N()))
                        .toArray(),
                Sequences.ofLengths(rows.stream()
                        .flatMapToInt(row ->
                                IntStream.range(0, row.sequences().count()).map(row.sequences()::length))
                        .toArray()));
    }
}
