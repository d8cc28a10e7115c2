package dev.distill.student.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.Fixture;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.model.WeightSource;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.StoredWeights;
import dev.distill.student.weights.TensorEntry;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class LoraTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 3;

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** An adapter that PEFT saved: its file's names are all that we ask for; logits and training are PEFT's. */
    @Test
    void computesAndTrainsAsPeftDoes() throws Exception {
        Fixture fixture = Fixture.of("qwen2-lora");
        try (StoredWeights base = StoredWeights.open(Fixture.of("qwen2").folder());
                ModelWeights frozen = ModelWeights.load(base.config(), base, OPS, ModelWeights.Use.FROZEN);
                AdapterFile file = AdapterFile.open(fixture);
                Lora lora = Lora.load(config(fixture), base.config(), file, OPS);
                Decoder model = new Decoder(OPS, frozen, lora, Decoder.Memory.KEEP)) {
            assertThat(lora.parameters()).extracting(Parameter::name).hasSameElementsAs(file.names());
            assertThat(model.trained()).hasSameElementsAs(lora.parameters());
            fixture.assertLogits(model);
            fixture.assertFiveSteps(model);
        }
    }

    @Test
    void mergedWeightsComputeWhatTheAdapterDoes() throws Exception {
        Fixture fixture = Fixture.of("qwen2-lora");
        try (StoredWeights base = StoredWeights.open(Fixture.of("qwen2").folder());
                AdapterFile file = AdapterFile.open(fixture);
                Lora lora = Lora.load(config(fixture), base.config(), file, OPS);
                ModelWeights merged =
                        ModelWeights.load(base.config(), lora.merged(base, OPS), OPS, ModelWeights.Use.FROZEN);
                Decoder model = new Decoder(OPS, merged)) {
            fixture.assertLogits(model);
        }
    }

    @Test
    void aFreshAdapterChangesNothing() {
        PackedRow row = TinyModels.row(SEED, 8);
        ModelConfig config = TinyModels.QWEN3;
        LoraConfig all = new LoraConfig(2, 4, false, List.of(LoraConfig.ALL_LINEAR), SEED);
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Decoder plain = new Decoder(OPS, weights);
                Lora lora = Lora.create(all, config);
                Decoder adapted = new Decoder(OPS, weights, lora, Decoder.Memory.KEEP)) {
            assertThat(lora.parameters()).hasSize(2 * 7 * 2); // layers x linear layers of a block x factors
            assertThat(adapted.logProbabilities(row)).isEqualTo(plain.logProbabilities(row));
            adapted.forwardBackward(row, 1);
            for (Parameter parameter : lora.parameters()) {
                boolean b = parameter.name().endsWith("lora_B.weight");
                double squares = OPS.sumOfSquares(Objects.requireNonNull(parameter.gradient()));
                assertThat(squares > 0)
                        .as("%s is moved by the first step", parameter.name())
                        .isEqualTo(b);
            }
        }
    }

    @Test
    void startsFromItsSeedWithinPeftsBounds() {
        ModelConfig config = TinyModels.QWEN2;
        try (Lora one = Lora.create(new LoraConfig(4, 8, false, List.of("q_proj"), 1), config);
                Lora same = Lora.create(new LoraConfig(4, 8, false, List.of("q_proj"), 1), config);
                Lora other = Lora.create(new LoraConfig(4, 8, false, List.of("q_proj"), 2), config)) {
            float[] a = one.parameters().getFirst().value().toArray();
            assertThat(a).isEqualTo(same.parameters().getFirst().value().toArray());
            assertThat(a).isNotEqualTo(other.parameters().getFirst().value().toArray());
            for (float value : a) {
                assertThat((double) value).isCloseTo(0, within(1 / Math.sqrt(config.width())));
            }
        }
    }

    @Test
    void rankStabilisedScalingDividesByTheRoot() {
        assertThat(new LoraConfig(16, 32, false, List.of("q_proj"), 0).scaling())
                .isEqualTo(2);
        assertThat(new LoraConfig(16, 32, true, List.of("q_proj"), 0).scaling()).isEqualTo(8);
    }

    @Test
    void saysWhichTargetsDoNotExist() {
        LoraConfig config = new LoraConfig(4, 8, false, List.of("q_proj", "proj", "query"), 1);
        assertThatThrownBy(() -> Lora.create(config, TinyModels.QWEN2))
                .hasMessageContaining("no linear layer of this model is called [proj, query]")
                .hasMessageContaining("model.layers.0.self_attn.q_proj");
    }

    @Test
    void adapterConfigIsReadBackAndItsVariantsAreRefused() throws Exception {
        LoraConfig config = new LoraConfig(8, 16, true, List.of("q_proj", "mlp.up_proj"), 0);
        ObjectNode json = AdapterJson.write(config, Optional.of("Qwen/Qwen2.5-0.5B"));
        assertThat(AdapterJson.read(json)).isEqualTo(config);
        json.put("use_dora", true).put("bias", "all");
        json.putObject("rank_pattern").put("q_proj", 4);
        assertThatThrownBy(() -> AdapterJson.read(json))
                .hasMessageContaining("use_dora is not supported")
                .hasMessageContaining("rank_pattern is not supported")
                .hasMessageContaining("bias must be none");
    }

    private static LoraConfig config(Fixture fixture) throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(fixture.folder().resolve("adapter_config.json").toFile());
        return AdapterJson.read(json);
    }

    /** An adapter_model.safetensors in F32. */
    private record AdapterFile(SafetensorsFile file) implements WeightSource, AutoCloseable {

        static AdapterFile open(Fixture fixture) throws IOException {
            return new AdapterFile(SafetensorsFile.open(fixture.folder().resolve("adapter_model.safetensors")));
        }

        @Override
        public Set<String> names() {
            return file.entries().stream().map(TensorEntry::name).collect(Collectors.toSet());
        }

        @Override
        public Tensor get(String name) throws IOException {
            int[] shape =
                    file.entry(name).shape().stream().mapToInt(Math::toIntExact).toArray();
            return Tensor.of(file.bytes(name), DType.FLOAT, shape);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
