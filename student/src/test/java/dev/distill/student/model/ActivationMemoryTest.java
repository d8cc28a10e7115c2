package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is foretold of a step's activations is, to the byte, what the step then cuts from its workspaces. */
final class ActivationMemoryTest {
    private static final List<ModelConfig> CONFIGS =
            List.of(TinyModels.QWEN2, TinyModels.QWEN3, TinyModels.LLAMA, deep());

    /** Five blocks, so that what is kept of each outweighs what passes. */
    private static ModelConfig deep() {
        ModelConfig two = TinyModels.QWEN2;
        return new ModelConfig(
                two.family(),
                two.vocabulary(),
                two.width(),
                5,
                two.attention(),
                two.mlpWidth(),
                two.rope(),
                two.normEpsilon(),
                two.tiedEmbeddings(),
                two.maxPositions(),
                two.eosIds());
    }

    @ParameterizedTest
    @EnumSource(Decoder.Memory.class)
    void ofAllWeights(Decoder.Memory way) {
        for (ModelConfig config : CONFIGS) {
            try (Ops ops = TestOps.open();
                    ModelWeights weights = TinyModels.weights(config, 1);
                    Decoder model = new Decoder(ops, weights, ProjectionWrapper.NONE, way)) {
                model.forwardBackward(TinyModels.row(2, 6, 5), 1);
                ActivationMemory foretold = new ActivationMemory(config, ops.activations(), layer -> 0, 0);
                assertThat(foretold.bytes(11, way)).as("%s", config).isEqualTo(model.peakBytes());
            }
        }
    }

    /** Of frozen lower blocks nothing is kept, whether they are few or, but for the norm and the head, all. */
    @ParameterizedTest
    @EnumSource(Decoder.Memory.class)
    void ofFrozenLowerBlocks(Decoder.Memory way) throws IOException {
        ModelConfig config = deep();
        for (int below : new int[] {1, 3, 5}) {
            List<String> frozen = new ArrayList<>(List.of("model.embed_tokens"));
            IntStream.range(0, below).forEach(layer -> frozen.add("model.layers." + layer));
            Set<String> names = new WeightPatterns("test", frozen).names(config);
            try (Ops ops = TestOps.open();
                    ModelWeights source = TinyModels.weights(config, 1);
                    ModelWeights weights = ModelWeights.trained(config, source, ops, names, spec -> 0);
                    Decoder model = new Decoder(ops, weights, ProjectionWrapper.NONE, way)) {
                model.forwardBackward(TinyModels.row(2, 6, 5), 1);
                assertThat(ActivationMemory.below(
                                config, model.trained().stream().map(Parameter::name)))
                        .isEqualTo(below);
                ActivationMemory foretold = new ActivationMemory(config, ops.activations(), layer -> 0, below);
                assertThat(foretold.bytes(11, way)).as("%d blocks", below).isEqualTo(model.peakBytes());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Decoder.Memory.class)
    void ofAnAdapterInBfloat16(Decoder.Memory way) throws IOException {
        assumeThat(NativeChoice.hasHalfProducts()).as("products of BFLOAT16").isTrue();
        LoraConfig lora = new LoraConfig(3, 6, false, List.of("q_proj", "mlp.down_proj", "up_proj"), 4);
        for (ModelConfig config : CONFIGS) {
            try (Ops ops = new CpuOps(2, Compute.BFLOAT16, DType.BFLOAT16);
                    ModelWeights source = TinyModels.weights(config, 1);
                    ModelWeights weights = ModelWeights.load(config, source, ops, ModelWeights.Use.FROZEN);
                    Lora adapter = Lora.create(lora, config);
                    Decoder model = new Decoder(ops, weights, adapter, way)) {
                model.forwardBackward(TinyModels.row(2, 6, 13), 1);
                ActivationMemory foretold = new ActivationMemory(config, ops.activations(), lora::rankOf, 0);
                assertThat(foretold.bytes(19, way)).as("%s", config).isEqualTo(model.peakBytes());
            }
        }
    }
}
