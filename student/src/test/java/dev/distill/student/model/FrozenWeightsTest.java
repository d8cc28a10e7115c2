package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.weights.StoredWeights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Some weights are trained and others stay. */
final class FrozenWeightsTest {
    private static final ModelConfig QWEN3 = TinyModels.QWEN3; // two layers, an untied head

    @ParameterizedTest
    @CsvSource({
        "model.embed_tokens, 1",
        "model.embed_tokens.weight, 1",
        "lm_head, 1",
        "model.layers.0, 11", // 2 norms, 4 projections, 2 head norms, 3 of the MLP
        "model.layers.*.mlp, 6",
        "*.q_proj.weight, 2",
        "*norm*, 9",
        "model.layers.?.self_attn, 12",
        "model, 24",
    })
    void aPatternMeansANameAndAllBelowIt(String pattern, int count) {
        assertThat(new WeightPatterns("train.freeze", List.of(pattern)).names(QWEN3))
                .hasSize(count);
    }

    @Test
    void aLayerIsNotAnotherOnesBeginning() {
        ModelConfig eleven = PublishedShapes.find("qwen2.5-0.5b").orElseThrow();
        assertThat(new WeightPatterns("train.freeze", List.of("model.layers.1")).names(eleven))
                .allMatch(name -> name.startsWith("model.layers.1."))
                .hasSize(12);
    }

    @Test
    void whatMeansNothingOrEverythingIsRefused() {
        WeightPatterns wrong = new WeightPatterns(
                "train.freeze", List.of("model.layer.0", "model.layers.0", "embed_tokens", "model.layers.1.*"));
        assertThatThrownBy(() -> wrong.names(QWEN3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("train.freeze: 'model.layer.0' matches no weight of this model; the nearest names are"
                        + " model.layers.0, model.layers, model.layers.1;"
                        + " 'embed_tokens' matches no weight of this model; the nearest names are"
                        + " model.embed_tokens, model, model.layers");
        assertThatThrownBy(() -> new WeightPatterns("train.freeze", List.of("lm_head", "model")).names(QWEN3))
                .hasMessage("train.freeze: [lm_head, model] match every weight, and nothing is left to train");
        assertThatThrownBy(() -> new WeightPatterns("train.freeze", List.of("lm_head")).names(TinyModels.QWEN2))
                .hasMessage("train.freeze: 'lm_head' matches no weight of this model; its head is the embedding,"
                        + " model.embed_tokens.weight");
    }

    /** The first step of the others is what it is where all are trained: no gradient depends on what else is wanted. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3"})
    void frozenWeightsStayAndTheOthersLearnAsEver(String family) throws Exception {
        Fixture fixture = Fixture.of(family);
        PackedRow row = fixture.batch();
        try (Ops ops = new CpuOps();
                StoredWeights stored = StoredWeights.open(fixture.folder());
                ModelWeights all = fixture.trainedWeights(ops);
                ModelWeights some = ModelWeights.trained(
                        stored.config(),
                        stored,
                        ops,
                        new WeightPatterns("train.freeze", List.of("model.embed_tokens", "model.layers.0", "*.v_proj"))
                                .names(stored.config()),
                        spec -> 0);
                Decoder whole = new Decoder(ops, all);
                Decoder part = new Decoder(ops, some)) {
            Map<String, float[]> before = new LinkedHashMap<>();
            some.names().forEach(name -> before.put(name, some.get(name).toArray()));
            assertThat(part.forwardBackward(row, 1)).isEqualTo(whole.forwardBackward(row, 1));
            Set<String> trained =
                    Set.copyOf(part.trained().stream().map(Parameter::name).toList());
            assertThat(trained)
                    .contains("model.layers.1.mlp.up_proj.weight", "model.norm.weight")
                    .noneMatch(name ->
                            name.startsWith("model.layers.0.") || name.contains("embed") || name.contains("v_proj"));
            for (String name : trained) {
                assertThat(gradient(part, name)).as(name).isEqualTo(gradient(whole, name));
            }
            try (Optimizer optimizer = new Optimizer(ops, part.trained(), fixture.settings())) {
                new TrainStep(part, optimizer).run(List.of(row), 1e-2);
            }
            before.forEach((name, values) -> {
                boolean same = Arrays.equals(values, some.get(name).toArray());
                assertThat(same).as(name).isEqualTo(!trained.contains(name));
            });
        }
    }

    /** An adapter of the upper block alone learns what it learns beside one of the lower, which at its start changes nothing. */
    @ParameterizedTest
    @EnumSource(Decoder.Memory.class)
    void anAdapterOfTheUpperBlockNeedsNoGradientBelow(Decoder.Memory way) throws Exception {
        LoraConfig both = new LoraConfig(2, 4, false, List.of("layers.0.mlp.up_proj", "layers.1.mlp.up_proj"), 3);
        LoraConfig upper = new LoraConfig(2, 4, false, List.of("layers.1.mlp.up_proj"), 3);
        try (Ops ops = new CpuOps();
                ModelWeights source = TinyModels.weights(QWEN3, 1);
                ModelWeights weights = ModelWeights.load(QWEN3, source, ops, ModelWeights.Use.FROZEN);
                Lora of2 = Lora.create(both, QWEN3);
                Lora of1 = Lora.create(upper, QWEN3);
                Decoder whole = new Decoder(ops, weights, of2, way);
                Decoder part = new Decoder(ops, weights, of1, way)) {
            for (Parameter parameter : part.trained()) {
                TinyModels.randomise(parameter.value(), 5);
                parameter(whole, parameter.name())
                        .value()
                        .setAll(parameter.value().toArray());
            }
            PackedRow row = TinyModels.row(2, 6, 5);
            assertThat(part.forwardBackward(row, 1)).isEqualTo(whole.forwardBackward(row, 1));
            assertThat(part.trained()).hasSize(2);
            for (Parameter parameter : part.trained()) {
                assertThat(gradient(part, parameter.name())).isEqualTo(gradient(whole, parameter.name()));
            }
            assertThat(part.peakBytes()).isLessThan(whole.peakBytes());
        }
    }

    private static Parameter parameter(Decoder model, String name) {
        return model.trained().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static float[] gradient(Decoder model, String name) {
        return Objects.requireNonNull(parameter(model, name).gradient()).toArray();
    }
}
