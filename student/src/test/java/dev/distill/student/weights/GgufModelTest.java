package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.model.ConfigJson;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.Fixture;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.Rope;
import dev.distill.student.model.TestOps;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * GGUF files as models. The files and what transformers computes with them come from src/test/python/make_gguf_models.py,
 * which had llama.cpp confirm them.
 */
class GgufModelTest {
    private static final Ops OPS = TestOps.open();

    @AfterAll
    static void close() {
        OPS.close();
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(GgufModelTest.class.getResource("/gguf/" + name), name)
                .toURI());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3"})
    void configAndLogitsAreThoseOfTheModelThatItWasMadeFrom(String family) throws Exception {
        JsonNode expected =
                new ObjectMapper().readTree(resource(family + ".json").toFile());
        double[] logits = Fixture.numbers(expected.get("logits"));
        double largest = Arrays.stream(logits).map(Math::abs).max().orElseThrow();
        int[] ids = Fixture.ids(expected.get("ids"));
        try (StoredWeights stored = StoredWeights.open(resource(family + ".gguf"))) {
            assertThat(stored.config()).isEqualTo(ConfigJson.read(expected.get("config")));
            try (ModelWeights weights = ModelWeights.load(stored.config(), stored, OPS, ModelWeights.Use.FROZEN);
                    Decoder model = new Decoder(OPS, weights)) {
                model.forEachLogits(PackedRow.nextToken(ids), (n, logits_V) -> {
                    for (int id = 0; n == ids.length - 1 && id < logits.length; id++) {
                        assertThat(logits_V.get(id) / largest)
                                .as("id %d", id)
                                .isCloseTo(logits[id] / largest, within(2e-6));
                    }
                });
            }
        }
    }

    @Test
    void whatNeedsNoWideningIsUsedWhereItIsMapped() throws Exception {
        try (StoredWeights stored = StoredWeights.open(resource("qwen2.gguf"))) {
            // the types that the script gives to the embedding, then to q, k, v and o in turn
            assertThat(stored.get("model.layers.0.self_attn.q_proj.weight").type())
                    .isEqualTo(DType.BFLOAT16);
            assertThat(stored.get("model.norm.weight").segment().isReadOnly()).isTrue();
            assertThat(stored.get("model.embed_tokens.weight").segment().isReadOnly())
                    .isFalse();
        }
    }

    /** In eight bits weights of four stay as they are stored; those of Llama whose rows lie in another order do not. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3"})
    void fourBitsStayFourBits(String family) throws Exception {
        assumeThat(NativeChoice.hasEightBitProducts())
                .as("a processor with VNNI")
                .isTrue();
        JsonNode expected =
                new ObjectMapper().readTree(resource(family + ".json").toFile());
        double[] logits = Fixture.numbers(expected.get("logits"));
        double largest = Arrays.stream(logits).map(Math::abs).max().orElseThrow();
        int[] ids = Fixture.ids(expected.get("ids"));
        try (StoredWeights stored = StoredWeights.open(resource(family + ".gguf"));
                Ops ops = new CpuOps(2, Compute.INT8);
                ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.INFERENCE);
                Decoder model = new Decoder(ops, weights)) {
            List<String> fourBits = weights.names().stream()
                    .filter(name -> weights.parameter(name).value().type() == DType.NIBBLES)
                    .toList();
            assertThat(fourBits).isNotEmpty();
            for (String name : fourBits) {
                Tensor wide = stored.get(name);
                Tensor value = weights.parameter(name).value();
                for (long i = 0; i < wide.size(); i++) {
                    assertThat(value.get(i)).as("%s %d", name, i).isEqualTo(wide.get(i));
                }
            }
            model.forEachLogits(PackedRow.nextToken(ids), (n, logits_V) -> {
                for (int id = 0; n == ids.length - 1 && id < logits.length; id++) {
                    assertThat(logits_V.get(id) / largest)
                            .as("id %d", id)
                            .isCloseTo(logits[id] / largest, within(0.06));
                }
            });
        }
    }

    /** One layer: width 8, two heads of 4 or as the test says. */
    private static GgufBytes model(String family) {
        return new GgufBytes()
                .text("general.architecture", family)
                .whole(family + ".embedding_length", 8)
                .whole(family + ".block_count", 1)
                .whole(family + ".attention.head_count", 2)
                .whole(family + ".feed_forward_length", 12)
                .whole(family + ".context_length", 64)
                .real(family + ".attention.layer_norm_rms_epsilon", 1e-6)
                .tensor("token_embd.weight", 8, 5);
    }

    private static StoredWeights open(GgufBytes bytes) throws IOException {
        return StoredWeights.of(Path.of("made.gguf"), bytes.open());
    }

    @Test
    void linearScalingIsReadFromItsMetadata() throws IOException {
        GgufBytes bytes =
                model("llama").text("llama.rope.scaling.type", "linear").real("llama.rope.scaling.factor", 4);
        try (StoredWeights stored = open(bytes)) {
            assertThat(stored.config().rope()).isEqualTo(new Rope(10_000, new Rope.Scaling.Linear(4)));
            assertThat(stored.config().normEpsilon())
                    .as("1e-6, not the float next to it")
                    .isEqualTo(1e-6);
            assertThat(stored.config().attention().kvHeads()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    llama.rope.scaling.type           | longrope | rope.scaling.type must be none, linear or yarn; got longrope
                    llama.rope.scaling.type           | yarn     | metadata must have llama.rope.scaling.factor, a real number; got null
                    llama.rope.scaling.attn_factor    | 0.5      | rope.scaling.attn_factor 0.5 is not supported
                    llama.rope.scale_linear           | 2.0      | rope.scale_linear 2.0 is not supported
                    llama.rope.freq_base              | 0.0      | theta must be positive and finite
                    llama.attention.sliding_window    | 32       | a window of 32 tokens is not supported
                    llama.expert_count                | 8        | mixtures of experts are not supported
                    llama.rope.dimension_count        | 2        | heads must be turned in full
                    llama.attention.value_length      | 8        | attention.key_length and value_length must be the same, got 4 and 8
                    llama.attention.head_count_kv     | 3        | multiple of the key/value heads, got 2 and 3
                    llama.attention.key_length        | 4294967295 | metadata must have llama.attention.key_length, a whole number below 2^31; got 4294967295
                    """)
    void whatWouldChangeTheComputationIsRefused(String key, String value, String message) {
        GgufBytes bytes = model("llama");
        if (value.matches("\\d+")) {
            bytes.whole(key, Long.parseLong(value));
        } else if (value.matches("[\\d.]+")) {
            bytes.real(key, Double.parseDouble(value));
        } else {
            bytes.text(key, value);
        }
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void otherFrequencyFactorsThanLlama3sAreRefused() {
        GgufBytes zeros = model("llama").tensor("rope_freqs.weight", 2);
        assertThatThrownBy(() -> open(zeros))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("rope_freqs.weight does not hold the factors of Llama 3")
                .hasMessageContaining("give the Hugging Face folder");
        GgufBytes misshapen = model("llama").tensor("rope_freqs.weight", 3);
        assertThatThrownBy(() -> open(misshapen))
                .hasMessageContaining("rope_freqs.weight must be [2] for heads of 4, got [3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "gemma3", "none"})
    void aFileThatIsNoModelOfOursIsRefused(String family) {
        GgufBytes bytes = new GgufBytes().text("general.architecture", family);
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(WeightsException.class)
                .hasMessageStartingWith("GGUF: ");
    }

    @Test
    void rowsThatAreNoHeadsAreRefused() throws IOException {
        try (StoredWeights stored = open(model("llama").tensor("blk.0.attn_q.weight", 8, 3))) {
            assertThatThrownBy(() -> stored.get("model.layers.0.self_attn.q_proj.weight"))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("rows must be an even multiple of 2 heads, got 3");
        }
        try (StoredWeights stored = open(model("llama").tensor("blk.0.attn_v.weight"))) {
            assertThatThrownBy(() -> stored.get("model.layers.0.self_attn.v_proj.weight"))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("a weight has one or more dimensions below 2^31, got []");
        }
    }
}
