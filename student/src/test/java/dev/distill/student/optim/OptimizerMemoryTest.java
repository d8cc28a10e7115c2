package dev.distill.student.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is foretold of an optimizer's memory is, to the byte, what it then holds. */
final class OptimizerMemoryTest {
    static List<OptimizerSettings> rules() {
        return List.of(
                AdamWSettings.DEFAULT,
                new EightBitAdamWSettings(AdamWSettings.DEFAULT),
                new MuonSettings(MuonSettings.MOMENTUM, AdamWSettings.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void isWhatItRemembers(OptimizerSettings settings) {
        for (ModelConfig config : List.of(TinyModels.QWEN2, TinyModels.QWEN3)) {
            try (Ops ops = TestOps.open();
                    ModelWeights weights = TinyModels.weights(config, 1);
                    Decoder model = new Decoder(ops, weights);
                    Optimizer optimizer = new Optimizer(ops, model.trained(), settings)) {
                OptimizerMemory memory = new OptimizerMemory(settings);
                for (ParameterSpec spec : config.parameters()) {
                    assertThat(memory.remembered(spec))
                            .as(spec.name())
                            .isEqualTo(remembered(optimizer.state(), spec.name()));
                }
            }
        }
    }

    /** A matrix large enough for eight bits, and not of whole blocks: 70 x 61 has 16 blocks of 256 and 174 more. */
    @Test
    void ofEightBits() {
        ParameterSpec spec = new ParameterSpec("model.layers.0.mlp.up_proj.weight", List.of(70, 61));
        EightBitAdamWSettings settings = new EightBitAdamWSettings(AdamWSettings.DEFAULT);
        try (Ops ops = TestOps.open();
                Arena arena = Arena.ofShared()) {
            Parameter parameter =
                    Parameter.trained(spec.name(), Tensor.allocate(arena, DType.FLOAT, spec.dims()), arena);
            try (Optimizer optimizer = new Optimizer(ops, List.of(parameter), settings)) {
                assertThat(new OptimizerMemory(settings).remembered(spec))
                        .isEqualTo(2 * (4270 + 17 * 4))
                        .isEqualTo(remembered(optimizer.state(), spec.name()));
            }
        }
    }

    private static long remembered(Map<String, Tensor> state, String name) {
        return state.entrySet().stream()
                .filter(entry ->
                        entry.getKey().endsWith("/" + name) && !entry.getKey().startsWith("parameter/"))
                .mapToLong(entry -> bytes(entry.getValue()))
                .sum();
    }

    private static long bytes(Tensor tensor) {
        long own = tensor.segment().byteSize();
        return tensor.type().isDynamic() ? own + tensor.scales().segment().byteSize() : own;
    }

    /** Names, order and shapes of an adapter that nobody made. */
    @Test
    void anAdaptersWeightsAreForetold() {
        LoraConfig lora = new LoraConfig(3, 6, false, List.of("q_proj", "mlp.down_proj"), 4)
                .withDora(true)
                .withSaved(new LoraConfig.Saved(List.of("embed_tokens"), false));
        try (Ops ops = TestOps.open();
                ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, 1);
                Lora made = Lora.create(lora, weights, ops)) {
            assertThat(Lora.specs(lora, TinyModels.QWEN2))
                    .isEqualTo(made.parameters().stream()
                            .map(OptimizerMemoryTest::spec)
                            .toList());
        }
    }

    private static ParameterSpec spec(Parameter parameter) {
        return new ParameterSpec(
                parameter.name(),
                Arrays.stream(parameter.value().shape()).boxed().toList());
    }
}
