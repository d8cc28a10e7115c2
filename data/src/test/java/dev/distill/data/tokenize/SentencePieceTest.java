package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vocabulary of a SentencePiece model in a GGUF file gives SentencePiece's own ids and texts (make_sentencepiece_cases.py). */
class SentencePieceTest {
    private static final int INST = 3;

    private final Map<String, Object> metadata = new HashMap<>();
    private JsonNode fixture = new ObjectMapper().nullNode();

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("sentencepiece_cases.json"))) {
            fixture = new ObjectMapper().readTree(in);
        }
        List<String> tokens = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        List<Long> types = new ArrayList<>();
        fixture.path("tokens").forEach(token -> tokens.add(token.asText()));
        fixture.path("scores").forEach(score -> scores.add(score.asDouble()));
        fixture.path("token_type").forEach(type -> types.add(type.asLong()));
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.scores", scores);
        metadata.put("tokenizer.ggml.token_type", types);
        for (String id : List.of("unknown_token_id", "bos_token_id", "eos_token_id")) {
            metadata.put("tokenizer.ggml." + id, fixture.path(id).asLong());
        }
    }

    @Test
    void givesTheIdsAndTextsOfSentencePiece() {
        try (Tokenizer tokenizer = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            for (JsonNode example : fixture.path("cases")) {
                String text = example.path("text").asText();
                List<Integer> ids = new ArrayList<>();
                example.path("ids").forEach(id -> ids.add(id.asInt()));
                assertThat(tokenizer.encode(text)).as(text).containsExactly(ids.toArray(Integer[]::new));
                assertThat(tokenizer.decode(tokenizer.encode(text), false))
                        .isEqualTo(example.path("decoded").asText());
            }
        }
    }

    @Test
    void addedTokensStandForTheirExactText() {
        try (Tokenizer tokenizer = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            assertThat(tokenizer.encode("<s>[INST]the</s>"))
                    .containsExactly(1, INST, tokenizer.id("\u2581the").orElseThrow(), 2);
            assertThat(tokenizer.decode(new int[] {1, INST, 2}, true)).isEqualTo("[INST]");
        }
    }

    @Test
    void withoutASpaceBeforeATextStaysAsItIs() {
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        try (Tokenizer tokenizer = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            assertThat(tokenizer.encode(" the"))
                    .containsExactly(tokenizer.id("\u2581the").orElseThrow());
            assertThat(tokenizer.decode(tokenizer.encode(" the"), false)).isEqualTo(" the");
            assertThat(tokenizer.decode(tokenizer.encode("the"), false)).isEqualTo("the");
            assertThat(tokenizer.encode("the")[0]).isNotEqualTo(tokenizer.encode(" the")[0]);
        }
    }

    @Test
    void writesAFolderThatBeginsTextsAsLlamaDoes(@TempDir Path folder) throws IOException {
        GgufTokenizer.of(metadata, "tiny.gguf").write(folder);
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("tokenizer.json").toFile());
        assertThat(json.at("/post_processor/single/0/SpecialToken/id").asText()).isEqualTo("<s>");
        metadata.put("tokenizer.ggml.add_bos_token", false);
        GgufTokenizer.of(metadata, "tiny.gguf").write(folder);
        json = new ObjectMapper().readTree(folder.resolve("tokenizer.json").toFile());
        assertThat(json.path("post_processor").isNull()).isTrue();
    }

    @Test
    void piecesThatAreNotUsedAreNotMade() {
        List<Object> types =
                new ArrayList<>((List<?>) Objects.requireNonNull(metadata.get("tokenizer.ggml.token_type")));
        List<?> tokens = (List<?>) Objects.requireNonNull(metadata.get("tokenizer.ggml.tokens"));
        types.set(tokens.indexOf("\u2581the"), 5L);
        metadata.put("tokenizer.ggml.token_type", types);
        try (Tokenizer tokenizer = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            assertThat(Arrays.stream(tokenizer.encode("the")).mapToObj(tokens::get))
                    .isEqualTo(List.of("\u2581th", "e"));
        }
    }

    @Test
    void refusesWhatItWouldHaveToGuess() {
        metadata.put("tokenizer.ggml.remove_extra_whitespaces", true);
        assertThatThrownBy(() -> GgufTokenizer.of(metadata, "x.gguf"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith("tokenizer in x.gguf: it rewrites texts")
                .hasMessageContaining("Give the Hugging Face folder");
        metadata.remove("tokenizer.ggml.remove_extra_whitespaces");
        metadata.put("tokenizer.ggml.scores", List.of(1.0));
        assertThatThrownBy(() -> GgufTokenizer.of(metadata, "x.gguf"))
                .hasMessageContaining("scores must have an entry for each of 460 tokens; it has 1");
        metadata.put("tokenizer.ggml.scores", Collections.nCopies(460, "high"));
        assertThatThrownBy(() -> GgufTokenizer.of(metadata, "x.gguf"))
                .hasMessageContaining("scores must be numbers; that of token 0 is high");
        metadata.remove("tokenizer.ggml.scores");
        assertThatThrownBy(() -> GgufTokenizer.of(metadata, "x.gguf"))
                .hasMessageContaining("it has no tokenizer.ggml.scores");
    }
}
