package dev.distill.student.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.generate.TokenListener;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoraTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 3;

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** An adapter that PEFT saved: its file's names are all that we ask for; logits and training are PEFT's. */
    @ParameterizedTest
    @ValueSource(
            strings = {"qwen2-lora", "qwen2-lora-plus", "qwen2-dora", "qwen2-rslora", "qwen2-saved", "qwen3-saved"})
    void computesAndTrainsAsPeftDoes(String adapter) throws Exception {
        Fixture fixture = Fixture.of(adapter);
        try (StoredWeights base = StoredWeights.open(base(adapter));
                ModelWeights frozen = ModelWeights.load(base.config(), base, OPS, ModelWeights.Use.FROZEN);
                AdapterFile file = AdapterFile.open(fixture);
                AdapterFile trained = AdapterFile.open(fixture, "trained.safetensors");
                Lora lora = Lora.load(
                        config(fixture).withPlusRatio(adapter.equals("qwen2-lora-plus") ? 4 : 1),
                        base.config(),
                        file,
                        OPS);
                Decoder model = new Decoder(OPS, frozen, lora, Decoder.Memory.KEEP)) {
            assertThat(lora.stored()).extracting(Parameter::name).hasSameElementsAs(file.names());
            assertThat(model.trained()).hasSameElementsAs(lora.parameters());
            fixture.assertLogits(model);
            fixture.assertFiveSteps(model);
            for (Parameter parameter : lora.stored()) {
                assertThat(parameter.value().toArray())
                        .as(parameter.name())
                        .containsExactly(trained.get(parameter.name()).toArray(), within(2e-5f));
            }
        }
    }

    /** What follows from weights that stay is computed once: the same numbers, the second time too. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-dora", "qwen2-rslora", "qwen2-saved", "qwen3-saved"})
    void anAdapterThatStaysComputesTheSame(String adapter) throws Exception {
        Fixture fixture = Fixture.of(adapter);
        try (StoredWeights base = StoredWeights.open(base(adapter));
                ModelWeights frozen = ModelWeights.load(base.config(), base, OPS, ModelWeights.Use.FROZEN);
                AdapterFile file = AdapterFile.open(fixture);
                Lora lora = Lora.load(config(fixture), base.config(), file, OPS, ModelWeights.Use.FROZEN);
                Decoder model = new Decoder(OPS, frozen, lora, Decoder.Memory.KEEP)) {
            assertThat(model.trained()).isEmpty();
            fixture.assertLogits(model);
            fixture.assertLogits(model);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-lora", "qwen2-dora", "qwen2-rslora", "qwen2-saved", "qwen3-saved"})
    void mergedWeightsComputeWhatTheAdapterDoes(String adapter) throws Exception {
        Fixture fixture = Fixture.of(adapter);
        try (StoredWeights base = StoredWeights.open(base(adapter));
                AdapterFile file = AdapterFile.open(fixture);
                Lora lora = Lora.load(config(fixture), base.config(), file, OPS);
                ModelWeights merged =
                        ModelWeights.load(base.config(), lora.merged(base, OPS), OPS, ModelWeights.Use.FROZEN);
                Decoder model = new Decoder(OPS, merged)) {
            fixture.assertLogits(model);
        }
    }

    @Test
    void aFreshDoraChangesNothing() {
        PackedRow row = TinyModels.row(SEED, 8);
        LoraConfig all = new LoraConfig(2, 4, false, List.of(LoraConfig.ALL_LINEAR), SEED).withDora(true);
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, SEED);
                Decoder plain = new Decoder(OPS, weights);
                Lora lora = Lora.create(all, weights, OPS);
                Decoder adapted = new Decoder(OPS, weights, lora, Decoder.Memory.KEEP)) {
            assertThat(lora.parameters()).hasSize(2 * 7 * 3); // layers x linear layers of a block x weights
            assertThat(adapted.logProbabilities(row)).containsExactly(plain.logProbabilities(row), within(1e-5f));
        }
        assertThatThrownBy(() -> Lora.create(all, TinyModels.QWEN3)).hasMessageContaining("start from the base's");
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
        LoraConfig config = new LoraConfig(8, 16, true, List.of("q_proj", "mlp.up_proj"), 0)
                .withDora(true)
                .withPatterns(new LoraConfig.Patterns(Map.of("q_proj", 4), Map.of("0.mlp.up_proj", 3.5)))
                .withSaved(new LoraConfig.Saved(List.of("embed_tokens"), true));
        ObjectNode json = AdapterJson.write(config, Optional.of("Qwen/Qwen2.5-0.5B"));
        assertThat(AdapterJson.read(json)).isEqualTo(config);
        json.put("use_qalora", true).put("bias", "all");
        json.putObject("layer_replication").put("q_proj", 4);
        assertThatThrownBy(() -> AdapterJson.read(json))
                .hasMessageContaining("use_qalora is not supported")
                .hasMessageContaining("layer_replication is not supported")
                .hasMessageContaining("bias must be none");
    }

    @Test
    void theFirstPatternThatMatchesGivesALayerItsRankAndAlpha() {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        ranks.put("layers.1.self_attn.q_proj", 2);
        ranks.put("q_proj", 3);
        LoraConfig config = new LoraConfig(4, 8, true, List.of("q_proj"), 0)
                .withPatterns(new LoraConfig.Patterns(ranks, Map.of("0\\..*proj", 6.0)));
        assertThat(config.rank("model.layers.1.self_attn.q_proj")).isEqualTo(2);
        assertThat(config.rank("model.layers.11.self_attn.q_proj")).isEqualTo(3);
        assertThat(config.rank("model.layers.1.self_attn.kq_proj")).isEqualTo(4); // whole parts only
        assertThat(config.scaling("model.layers.0.self_attn.q_proj")).isEqualTo(6 / Math.sqrt(3));
        assertThat(config.scaling("model.layers.1.self_attn.q_proj")).isEqualTo(8 / Math.sqrt(2));
        assertThatThrownBy(() -> new LoraConfig.Patterns(Map.of("q_proj", 0), Map.of()))
                .hasMessage("lora: the rank of pattern 'q_proj' must be positive");
        assertThatThrownBy(() -> new LoraConfig.Patterns(Map.of("(", 1), Map.of()))
                .hasMessage("lora: the key of a rank must be a regular expression, got '('");
    }

    /** The checkpoint that an adapter of make_fixtures.py belongs to. */
    private static Path base(String adapter) throws Exception {
        return Fixture.of(adapter.substring(0, adapter.indexOf('-'))).folder();
    }

    @Test
    void modulesThatCannotBeSavedAreRefused() {
        LoraConfig config = new LoraConfig(4, 8, false, List.of("q_proj", "up_proj"), 1);
        try (ModelWeights tied = TinyModels.weights(TinyModels.QWEN2, SEED);
                ModelWeights untied = TinyModels.weights(TinyModels.QWEN3, SEED)) {
            assertThatThrownBy(() -> Lora.create(saving(config, "lm_head", "embedding"), tied, OPS))
                    .hasMessageContaining(
                            "no module of this model ends in 'embedding'; it has embed_tokens, input_layernorm")
                    .hasMessageContaining("the head of this model is its embedding; say embed_tokens, which is both");
            assertThatThrownBy(() -> Lora.create(saving(config, "up_proj"), untied, OPS))
                    .hasMessageContaining("model.layers.0.mlp.up_proj is a target already");
            assertThatThrownBy(() -> Lora.load(saving(config, "embed_tokens"), TinyModels.QWEN2, tied, OPS))
                    .hasMessageContaining("without ensure_weight_tying PEFT trains a copy of one beside the other");
        }
    }

    private static LoraConfig saving(LoraConfig config, String... modules) {
        return config.withSaved(new LoraConfig.Saved(List.of(modules), false));
    }

    /** Several adapters stand beside one base at a time; each computes, and writes, what it does alone. */
    @Test
    void adaptersOfOneBaseDoNotDisturbEachOther() throws Exception {
        PackedRow row = Fixture.of("qwen2-dora").batch();
        List<float[]> alone = new ArrayList<>();
        List<int[]> written = new ArrayList<>();
        List<String> adapters = List.of("qwen2-lora", "qwen2-dora", "qwen2-saved");
        for (String adapter : adapters) {
            try (Beside one = Beside.open(List.of(adapter))) {
                alone.add(one.models.getFirst().logProbabilities(row));
                written.add(generate(one.models.getFirst()));
            }
        }
        assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
        try (Beside all = Beside.open(adapters)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < adapters.size(); i++) {
                    Decoder model = all.models.get(i);
                    assertThat(model.logProbabilities(row)).as(adapters.get(i)).isEqualTo(alone.get(i));
                    assertThat(generate(model)).as(adapters.get(i)).isEqualTo(written.get(i));
                }
            }
        }
    }

    private static int[] generate(Decoder model) {
        GenerationRequest request = new GenerationRequest(0, new int[] {3, 17, 60}, Sampling.GREEDY, 0, 12, Set.of());
        try (Generator generator = new Generator(model, 1, 32)) {
            return generator
                    .generate(List.of(request), TokenListener.NONE)
                    .getFirst()
                    .ids();
        }
    }

    /** Adapters of the checkpoint qwen2 over one set of its weights. */
    private record Beside(List<AutoCloseable> owned, List<Decoder> models) implements AutoCloseable {
        static Beside open(List<String> adapters) throws Exception {
            Beside beside = new Beside(new ArrayList<>(), new ArrayList<>());
            StoredWeights stored = StoredWeights.open(base("qwen2-lora"));
            beside.owned.add(stored);
            ModelWeights weights = ModelWeights.load(stored.config(), stored, OPS, ModelWeights.Use.INFERENCE);
            beside.owned.add(weights);
            for (String adapter : adapters) {
                Fixture fixture = Fixture.of(adapter);
                try (AdapterFile file = AdapterFile.open(fixture)) {
                    Lora lora = Lora.load(config(fixture), stored.config(), file, OPS, ModelWeights.Use.FROZEN);
                    beside.owned.add(lora);
                    Decoder model = new Decoder(OPS, weights, lora, Decoder.Memory.KEEP);
                    beside.owned.add(model);
                    beside.models.add(model);
                }
            }
            return beside;
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable each : owned.reversed()) {
                each.close();
            }
        }
    }

    @Test
    void freshCopiesChangeNothing() {
        PackedRow row = TinyModels.row(SEED, 8);
        LoraConfig config = new LoraConfig(2, 4, false, List.of("q_proj"), SEED);
        for (ModelConfig model : List.of(TinyModels.QWEN2, TinyModels.QWEN3)) {
            try (ModelWeights weights = TinyModels.weights(model, SEED);
                    Decoder plain = new Decoder(OPS, weights);
                    Lora lora = Lora.create(saving(config, "embed_tokens", "lm_head", "norm", "v_proj"), weights, OPS);
                    Decoder adapted = new Decoder(OPS, weights, lora, Decoder.Memory.KEEP)) {
                assertThat(lora.config().saved().tied()).isEqualTo(model.tiedEmbeddings());
                assertThat(adapted.logProbabilities(row)).isEqualTo(plain.logProbabilities(row));
            }
        }
    }

    private static LoraConfig config(Fixture fixture) throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(fixture.folder().resolve("adapter_config.json").toFile());
        return AdapterJson.read(json);
    }

    /** An adapter_model.safetensors in F32. */
    private record AdapterFile(SafetensorsFile file) implements WeightSource, AutoCloseable {

        static AdapterFile open(Fixture fixture) throws IOException {
            return open(fixture, "adapter_model.safetensors");
        }

        static AdapterFile open(Fixture fixture, String name) throws IOException {
            return new AdapterFile(SafetensorsFile.open(fixture.folder().resolve(name)));
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
