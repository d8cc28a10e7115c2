package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The keys that decide the shape, of {@code config.json} files as they were published on the hub, and the number of
 * weights that its page of the model states (a tied output matrix, which some files hold a second time, counted once).
 */
final class PublishedConfigsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        Llama-2-7b | 6738415616 | "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008, "max_position_embeddings": 4096, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "rope_scaling": null, "vocab_size": 32000
        Llama-3.2-1B | 1235814400 | "model_type": "llama", "head_dim": 64, "hidden_size": 2048, "intermediate_size": 8192, "max_position_embeddings": 131072, "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8, "rope_theta": 500000.0, "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "tie_word_embeddings": true, "vocab_size": 128256
        Llama-3.3-70B | 70553706496 | "model_type": "llama", "hidden_size": 8192, "intermediate_size": 28672, "max_position_embeddings": 131072, "num_attention_heads": 64, "num_hidden_layers": 80, "num_key_value_heads": 8, "rope_theta": 500000.0, "rope_scaling": {"factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "tie_word_embeddings": false, "vocab_size": 128256
        DeepSeek-R1-Distill-Llama-8B | 8030261248 | "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 131072, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "rope_theta": 500000.0, "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "tie_word_embeddings": false, "vocab_size": 128256
        DeepSeek-R1-Distill-Qwen-1.5B | 1777088000 | "model_type": "qwen2", "hidden_size": 1536, "intermediate_size": 8960, "max_position_embeddings": 131072, "max_window_layers": 21, "num_attention_heads": 12, "num_hidden_layers": 28, "num_key_value_heads": 2, "rope_theta": 10000, "sliding_window": 4096, "tie_word_embeddings": false, "use_mrope": false, "use_sliding_window": false, "vocab_size": 151936
        DeepSeek-R1-Distill-Qwen-7B | 7615616512 | "model_type": "qwen2", "hidden_size": 3584, "intermediate_size": 18944, "max_position_embeddings": 131072, "max_window_layers": 28, "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "rope_theta": 10000, "sliding_window": 4096, "tie_word_embeddings": false, "use_mrope": false, "use_sliding_window": false, "vocab_size": 152064
        SmolLM2-135M | 134515008 | "model_type": "llama", "hidden_size": 576, "intermediate_size": 1536, "is_llama_config": true, "max_position_embeddings": 8192, "mlp_bias": false, "num_attention_heads": 9, "num_hidden_layers": 30, "num_key_value_heads": 3, "rope_interleaved": false, "rope_scaling": null, "rope_theta": 100000, "tie_word_embeddings": true, "vocab_size": 49152
        Qwen3-0.6B | 596049920 | "model_type": "qwen3", "attention_bias": false, "head_dim": 128, "hidden_size": 1024, "intermediate_size": 3072, "max_position_embeddings": 40960, "max_window_layers": 28, "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 8, "rope_scaling": null, "rope_theta": 1000000, "sliding_window": null, "tie_word_embeddings": true, "use_sliding_window": false, "vocab_size": 151936
        Qwen3-8B | 8190735360 | "model_type": "qwen3", "attention_bias": false, "head_dim": 128, "hidden_size": 4096, "intermediate_size": 12288, "max_position_embeddings": 40960, "max_window_layers": 36, "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8, "rope_scaling": null, "rope_theta": 1000000, "sliding_window": null, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936
        Mistral-7B-v0.3 | 7248023552 | "model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "rope_theta": 1000000.0, "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 32768
        Mistral-Nemo-2407 | 12247782400 | "model_type": "mistral", "head_dim": 128, "hidden_size": 5120, "intermediate_size": 14336, "max_position_embeddings": 131072, "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8, "rope_theta": 1000000.0, "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 131072
        """)
    void hasAsManyWeightsAsItsPageSays(String name, long weights, String keys) throws Exception {
        ModelConfig config = ConfigJson.read(new ObjectMapper().readTree("{" + keys + "}"));
        assertThat(config.parameterCount()).isEqualTo(weights);
        assertThat(ConfigJson.read(ConfigJson.write(config, "bfloat16"))).isEqualTo(config);
    }
}
