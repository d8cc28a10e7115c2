package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What holds for the decoder as a whole, whatever its layers compute. */
final class DecoderTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 7;

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void packedSequencesDoNotSeeEachOther() {
        PackedRow both = TinyModels.row(SEED, 6, 5);
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, SEED);
                Decoder model = new Decoder(OPS, weights)) {
            float[] packed = model.logProbabilities(both);
            float[] first = model.logProbabilities(part(both, 0));
            float[] second = model.logProbabilities(part(both, 1));
            for (int n = 0; n < packed.length; n++) {
                assertThat(packed[n]).as("position %d", n).isCloseTo(n < 6 ? first[n] : second[n - 6], within(1e-5f));
            }
        }
    }

    @Test
    void lossWithoutGradientsIsTheSameAndLeavesNone() {
        PackedRow row = TinyModels.row(SEED, 6, 5);
        try (ModelWeights weights = TinyModels.weights(TinyModels.LLAMA, SEED);
                Decoder model = new Decoder(OPS, weights)) {
            LossSum loss = model.loss(row);
            takeGradients(model)
                    .forEach((name, gradient) -> assertThat(gradient).as(name).containsOnly(0));
            assertThat(loss).isEqualTo(model.forwardBackward(row, 1));
        }
    }

    @Test
    void computingActivationsAgainGivesTheSameBits() {
        PackedRow row = TinyModels.row(SEED, 6, 5);
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, SEED);
                Decoder keeping = new Decoder(OPS, weights);
                Decoder again = new Decoder(OPS, weights, ProjectionWrapper.NONE, Decoder.Memory.RECOMPUTE)) {
            LossSum kept = keeping.forwardBackward(row, 0.1f);
            Map<String, float[]> expected = takeGradients(keeping);
            assertThat(again.forwardBackward(row, 0.1f)).isEqualTo(kept);
            takeGradients(again)
                    .forEach((name, gradient) -> assertThat(gradient).as(name).containsExactly(expected.get(name)));
        }
    }

    @Test
    void frozenWeightsGetNoGradientAndStay() throws Exception {
        PackedRow row = TinyModels.row(SEED, 6);
        try (ModelWeights source = TinyModels.weights(TinyModels.QWEN2, SEED);
                ModelWeights frozen = ModelWeights.load(source.config(), source, OPS, ModelWeights.Use.FROZEN);
                Decoder model = new Decoder(OPS, frozen)) {
            assertThat(model.trained()).isEmpty();
            assertThat(model.forwardBackward(row, 1)).isEqualTo(model.loss(row));
            assertThat(frozen.get("model.norm.weight").segment().address())
                    .as("used where it lies")
                    .isEqualTo(source.get("model.norm.weight").segment().address());
        }
    }

    @Test
    void memoryOfStepsIsUsedAgain() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, SEED);
                Decoder model = new Decoder(OPS, weights)) {
            PackedRow row = TinyModels.row(SEED, 20, 30);
            model.forwardBackward(row, 1);
            long after = model.reservedBytes();
            for (int step = 0; step < 200; step++) {
                model.forwardBackward(row, 1);
            }
            assertThat(model.reservedBytes()).isEqualTo(after);
        }
    }

    @Test
    void startsFromASeed() {
        ModelConfig config = TinyModels.QWEN2;
        try (ModelWeights one = ModelWeights.random(config, 1);
                ModelWeights same = ModelWeights.random(config, 1);
                ModelWeights other = ModelWeights.random(config, 2)) {
            String name = "model.layers.1.mlp.gate_proj.weight";
            assertThat(one.get(name).toArray()).isEqualTo(same.get(name).toArray());
            assertThat(one.get(name).toArray()).isNotEqualTo(other.get(name).toArray());
            assertThat(one.get("model.norm.weight").toArray()).containsOnly(1);
            assertThat(one.get("model.layers.0.self_attn.q_proj.bias").toArray())
                    .containsOnly(0);
        }
    }

    @Test
    void saysWhichWeightsDoNotFit() {
        try (ModelWeights source = TinyModels.weights(TinyModels.QWEN2, SEED)) {
            WeightSource renamed = new WeightSource() {
                @Override
                public Set<String> names() {
                    Set<String> names = new LinkedHashSet<>(source.names());
                    names.remove("model.norm.weight");
                    names.add("model.normal.weight");
                    return names;
                }

                @Override
                public Tensor get(String name) {
                    return source.get(name);
                }
            };
            assertThatThrownBy(() -> load(TinyModels.QWEN2, renamed))
                    .hasMessageContaining("missing [model.norm.weight]")
                    .hasMessageContaining("not part of this model [model.normal.weight]");
        }
        try (ModelWeights source = TinyModels.weights(TinyModels.LLAMA, SEED)) {
            ModelConfig wider = new ModelConfig(
                    new Family.Llama(),
                    TinyModels.VOCABULARY,
                    8,
                    2,
                    new AttentionShape(4, 4, 2, true, true, false),
                    12,
                    Rope.of(100),
                    1e-5,
                    false,
                    64,
                    List.of());
            assertThatThrownBy(() -> load(wider, source))
                    .hasMessageContaining(
                            "model.layers.0.mlp.gate_proj.weight must be [12, 8] by the config, got [10, 8]")
                    .hasMessageContaining("model.layers.1.mlp.down_proj.weight must be [8, 12]");
        }
    }

    @Test
    void refusesSequencesBeyondItsPositions() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights)) {
            assertThatThrownBy(() -> model.loss(TinyModels.row(SEED, 65)))
                    .hasMessageContaining("at most 64 positions")
                    .hasMessageContaining("got a sequence of 65");
        }
    }

    private static void load(ModelConfig config, WeightSource source) throws Exception {
        ModelWeights.load(config, source, OPS, ModelWeights.Use.TRAINED).close();
    }

    private static PackedRow part(PackedRow row, int sequence) {
        int from = row.sequences().start(sequence);
        int to = row.sequences().end(sequence);
        return new PackedRow(
                Arrays.copyOfRange(row.ids_N(), from, to),
                Arrays.copyOfRange(row.targets_N(), from, to),
                Sequences.ofLengths(to - from));
    }

    /** Copies, and zeros again. */
    private static Map<String, float[]> takeGradients(Decoder model) {
        Map<String, float[]> copies = new LinkedHashMap<>();
        for (Parameter parameter : model.trained()) {
            Tensor gradient = Objects.requireNonNull(parameter.gradient());
            copies.put(parameter.name(), gradient.toArray());
            OPS.fill(gradient, 0);
        }
        return copies;
    }
}
