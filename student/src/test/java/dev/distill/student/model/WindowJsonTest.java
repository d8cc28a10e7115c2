package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A window that would hide a token is refused; a file that only mentions one is read. */
final class WindowJsonTest {
    /** Four layers, 8,192 positions. */
    private static ObjectNode config(String family, String keys) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = json.createObjectNode().put("model_type", family);
        Map.of(
                        "vocab_size", 32,
                        "hidden_size", 16,
                        "num_attention_heads", 2,
                        "num_hidden_layers", 4,
                        "intermediate_size", 24,
                        "max_position_embeddings", 8192)
                .forEach(config::put);
        config.setAll((ObjectNode) json.readTree("{" + keys + "}"));
        return config;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    qwen2   | "use_sliding_window": false, "sliding_window": 4096, "max_window_layers": 2
                    qwen2   | "sliding_window": 4096
                    qwen3   | "use_sliding_window": true, "sliding_window": null
                    qwen3   | "use_sliding_window": true, "sliding_window": 4096, "max_window_layers": 4
                    qwen2   | "use_sliding_window": true, "sliding_window": 8192, "max_window_layers": 0
                    qwen2   | "use_sliding_window": true, "sliding_window": 4096, "layer_types": ["full_attention", "full_attention"]
                    mistral | "sliding_window": null
                    mistral | "sliding_window": 8192
                    llama   | "sliding_window": null
                    """)
    void whatHidesNothingIsRead(String family, String keys) throws IOException {
        assertThat(ConfigJson.read(config(family, keys)).family().modelType()).isEqualTo(family);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    qwen2   | "use_sliding_window": true, "sliding_window": 4096, "max_window_layers": 2
                    qwen3   | "use_sliding_window": true, "sliding_window": 4096
                    mistral | "sliding_window": 4096
                    mistral | "sliding_window": 4096, "layer_types": ["full_attention", "full_attention"]
                    mistral | "sliding_window": 8192, "rope_scaling": {"rope_type": "yarn", "factor": 2.0}
                    llama   | "sliding_window": 4096
                    """)
    void whatHidesATokenIsRefused(String family, String keys) throws IOException {
        ObjectNode config = config(family, keys);
        assertThatThrownBy(() -> ConfigJson.read(config))
                .hasMessageContaining("config.json: sliding_window: a window of ")
                .hasMessageContaining("tokens is not supported; only one that hides none of ");
    }

    @ParameterizedTest
    @CsvSource({"qwen2", "mistral"})
    void layersThatSlideAreRefusedWhateverTheWindow(String family) throws IOException {
        ObjectNode config = config(family, "\"layer_types\": [\"full_attention\", \"sliding_attention\"]");
        assertThatThrownBy(() -> ConfigJson.read(config))
                .hasMessageContaining("layer_types: only full_attention is supported, got sliding_attention");
    }
}
