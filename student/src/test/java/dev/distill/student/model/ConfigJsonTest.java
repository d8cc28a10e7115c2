package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigJsonTest {
    /** Qwen2.5-0.5B-Instruct's config.json as published, in transformers 4's spelling. */
    private static final String QWEN25 = """
            {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
             "eos_token_id": 151645, "hidden_act": "silu", "hidden_size": 896, "initializer_range": 0.02,
             "intermediate_size": 4864, "max_position_embeddings": 32768, "max_window_layers": 21,
             "model_type": "qwen2", "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768, "tie_word_embeddings": true,
             "torch_dtype": "bfloat16", "transformers_version": "4.43.1", "use_cache": true,
             "use_sliding_window": false, "vocab_size": 151936}
            """;

    /** Llama-3.1-8B-Instruct's, likewise. */
    private static final String LLAMA31 = """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
             "bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009], "hidden_act": "silu",
             "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 14336,
             "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama", "num_attention_heads": 32,
             "num_hidden_layers": 32, "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                              "original_max_position_embeddings": 8192, "rope_type": "llama3"},
             "rope_theta": 500000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
             "transformers_version": "4.42.3", "use_cache": true, "vocab_size": 128256}
            """;

    @Test
    void readsQwen() throws Exception {
        ModelConfig config = ConfigJson.read(tree(QWEN25));
        assertThat(config.attention()).isEqualTo(new AttentionShape(14, 2, 64, true, false, false));
        assertThat(config.rope()).isEqualTo(Rope.of(1e6));
        assertThat(config.eosIds()).containsExactly(151645);
        // the count that the model's card gives: 0.49 B, 0.36 B without the embedding of 151936 x 896
        assertThat(config.parameterCount()).isEqualTo(494_032_768);
    }

    @Test
    void whatIsNullOrLeftOutFollowsFromTheHeads() throws Exception {
        ObjectNode json = tree(LLAMA31);
        json.putNull("head_dim").putNull("num_key_value_heads");
        assertThat(ConfigJson.read(json).attention()).isEqualTo(new AttentionShape(32, 32, 128, false, false, false));
        json.put("attention_bias", true).put("head_dim", 64).remove("num_key_value_heads");
        assertThat(ConfigJson.read(json).attention()).isEqualTo(new AttentionShape(32, 32, 64, true, true, false));
    }

    @Test
    void readsLlamaWithItsScaledRotaryEmbedding() throws Exception {
        ModelConfig config = ConfigJson.read(tree(LLAMA31));
        assertThat(config.attention()).isEqualTo(new AttentionShape(32, 8, 128, false, false, false));
        assertThat(config.rope()).isEqualTo(new Rope(500000, new Rope.Scaling.Llama3(8, 1, 4, 8192)));
        assertThat(config.eosIds()).containsExactly(128001, 128008, 128009);
        assertThat(config.parameterCount()).isEqualTo(8_030_261_248L); // "8.03B" on its card
    }

    @Test
    void readsTheSpellingOfTransformers5() throws Exception {
        ObjectNode json = tree(LLAMA31);
        ObjectNode rope = json.putObject("rope_parameters");
        rope.setAll((ObjectNode) json.remove("rope_scaling"));
        rope.set("rope_theta", json.remove("rope_theta"));
        json.set("dtype", json.remove("torch_dtype"));
        assertThat(ConfigJson.read(json)).isEqualTo(ConfigJson.read(tree(LLAMA31)));
    }

    @ParameterizedTest
    @ValueSource(strings = {QWEN25, LLAMA31})
    void whatIsWrittenIsReadBack(String published) throws Exception {
        ModelConfig config = ConfigJson.read(tree(published));
        assertThat(ConfigJson.read(ConfigJson.write(config, "bfloat16"))).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"type": "linear", "factor": 4.0}
                    {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}
                    {"rope_type": "yarn", "factor": 8.0, "beta_fast": 16, "beta_slow": 2, "truncate": false, "attention_factor": 1.1}
                    {"rope_type": "yarn", "factor": 40.0, "mscale": 1.0, "mscale_all_dim": 0.5}
                    """)
    void everyScalingIsReadBack(String scaling) throws Exception {
        ObjectNode json = tree(QWEN25);
        json.set("rope_scaling", tree(scaling));
        ModelConfig config = ConfigJson.read(json);
        assertThat(ConfigJson.read(ConfigJson.write(config, "float32"))).isEqualTo(config);
        assertThat(config.rope().scaling()).isNotEqualTo(new Rope.Scaling.None());
    }

    @Test
    void yarnLengthensTheModelAsItsCardSays() throws Exception {
        // "Processing Long Texts" on Qwen2.5's card: this entry is added, max_position_embeddings stays at 32,768
        ObjectNode json = tree(QWEN25);
        json.set(
                "rope_scaling",
                tree("{\"factor\": 4.0, \"original_max_position_embeddings\": 32768, \"type\": \"yarn\"}"));
        ModelConfig config = ConfigJson.read(json);
        assertThat(config.rope()).isEqualTo(new Rope(1e6, Rope.Scaling.Yarn.of(4, 32_768)));
        assertThat(config.maxPositions()).isEqualTo(131_072);
    }

    @Test
    void anotherBaseOfTheFrequenciesChangesNothingElse() throws Exception {
        ModelConfig config = ConfigJson.read(tree(LLAMA31));
        ModelConfig other = config.withRopeTheta(8e6);
        assertThat(other.rope()).isEqualTo(new Rope(8e6, config.rope().scaling()));
        assertThat(other.withRopeTheta(5e5)).isEqualTo(config);
        assertThatThrownBy(() -> config.withRopeTheta(0)).hasMessageContaining("theta must be positive and finite");
    }

    @Test
    void twoSpellingsOfTheScalingAtOnceAreRefused() throws Exception {
        ObjectNode json = tree(LLAMA31);
        json.putObject("rope_parameters").put("rope_type", "default").put("rope_theta", 5e5);
        assertThatThrownBy(() -> ConfigJson.read(json))
                .hasMessageContaining("rope_parameters and rope_scaling say the same thing; give one of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    model_type              | "qwen3_moe"            | model_type 'qwen3_moe' is not one of
                    num_experts             | 128                    | mixtures of experts are not supported
                    vision_config           | {}                     | models with images or sound are not supported
                    layer_types             | ["sliding_attention"]  | only full_attention is supported, got sliding_attention
                    quantization_config     | {"bits": 4}            | quantised weights
                    hidden_act              | "gelu"                 | only silu is supported
                    rope_scaling            | {"rope_type": "longrope"} | rope scaling 'longrope' is not supported; none, linear, llama3 and yarn are
                    rope_scaling            | {"type": "dynamic"}    | without rope_scaling the model computes the same up to max_position_embeddings
                    rope_scaling            | {"rope_type": "yarn", "factor": 0.5} | rope scaling yarn: factor must be at least 1, got 0.5
                    rope_scaling            | {"rope_type": "yarn", "factor": 2, "beta_fast": 1} | need 0 < beta_slow < beta_fast
                    rope_scaling            | {"rope_type": "yarn", "factor": 2, "attention_factor": 0} | the attention factor must be positive and finite, got 0.0
                    rope_parameters         | {"full_attention": {"rope_type": "default"}} | a rotary embedding for each kind of layer is not supported
                    rope_scaling            | {"rope_type": "linear"}| rope scaling needs a number for factor, got nothing
                    hidden_size             | "wide"                 | hidden_size must be a positive integer, got "wide"
                    num_key_value_heads     | 5                      | multiple of the key/value heads, got 14 and 5
                    eos_token_id            | 151936                 | end id 151936 lies outside of the vocabulary
                    """)
    void refusesWhatItCannotCompute(String key, String value, String message) throws Exception {
        ObjectNode json = tree(QWEN25);
        json.set(key, new ObjectMapper().readTree(value));
        assertThatThrownBy(() -> ConfigJson.read(json)).hasMessageContaining(message);
    }

    @Test
    void reportsAllProblemsAtOnce() throws Exception {
        ObjectNode json = tree(QWEN25);
        json.remove(List.of("vocab_size", "intermediate_size"));
        json.put("hidden_act", "relu");
        assertThatThrownBy(() -> ConfigJson.read(json))
                .hasMessageContaining("vocab_size")
                .hasMessageContaining("intermediate_size")
                .hasMessageContaining("relu");
    }

    private static ObjectNode tree(String json) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree(json);
    }
}
