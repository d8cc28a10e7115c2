package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.ChatTemplate;
import dev.distill.data.trace.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tokenizer.json and the GGUF metadata that llama.cpp's converter would make of it say the same. */
class GgufTokenizerTest {
    private static final List<String> TEXTS = List.of(
            "",
            "So the answer is 46, isn't it?\n\n  It IS'NT 1234567.",
            "<|im_start|>user\nWhat is 12 + 34?<|im_end|>\n<think>它等于五</think>\t\t \n",
            "e\u0301 \u00e9 \ud83d\ude00 \u0664\u0665 \u00b2\u00bd",
            "   leading, trailing   ");

    @TempDir
    Path folder;

    private Map<String, Object> metadata;

    @BeforeEach
    void write() throws IOException {
        try (HfTokenizer tokenizer = Tiny.in(folder, 320)) {
            metadata = metadata(folder.resolve("tokenizer.json"), tokenizer.vocabularySize(), "qwen2");
        }
    }

    /** As convert_hf_to_gguf.py fills it in: added tokens by their kind, unused ones up to the embedding's rows. */
    static Map<String, Object> metadata(Path tokenizerJson, int vocabulary, String words) throws IOException {
        JsonNode json = new ObjectMapper().readTree(tokenizerJson.toFile());
        String[] tokens = new String[vocabulary + 3];
        Long[] types = new Long[tokens.length];
        Arrays.setAll(tokens, id -> "[PAD" + id + "]");
        Arrays.fill(types, 5L);
        json.at("/model/vocab").properties().forEach(token -> {
            tokens[token.getValue().asInt()] = token.getKey();
            types[token.getValue().asInt()] = 1L;
        });
        json.path("added_tokens").forEach(token -> {
            tokens[token.path("id").asInt()] = token.path("content").asText();
            types[token.path("id").asInt()] = token.path("special").asBoolean() ? 3L : 4L;
        });
        List<String> merges = new ArrayList<>();
        json.at("/model/merges")
                .forEach(merge -> merges.add(
                        merge.isTextual()
                                ? merge.asText()
                                : merge.get(0).asText() + " " + merge.get(1).asText()));
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", words);
        metadata.put("tokenizer.ggml.tokens", List.of(tokens));
        metadata.put("tokenizer.ggml.token_type", List.of(types));
        metadata.put("tokenizer.ggml.merges", merges);
        return metadata;
    }

    @Test
    void givesTheIdsAndTextsOfTheTokenizerThatItWasMadeFrom() {
        try (HfTokenizer original = HfTokenizer.open(folder);
                Tokenizer read = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            for (String text : TEXTS.subList(0, 3)) {
                assertThat(read.encode(text)).as(text).isEqualTo(original.encode(text));
                assertThat(read.decode(read.encode(text), false)).isEqualTo(text);
                assertThat(read.decode(read.encode(text), true))
                        .isEqualTo(original.decode(original.encode(text), true));
            }
            assertThat(read.vocabularySize()).isEqualTo(original.vocabularySize());
            assertThat(read.id("<|im_end|>")).isEqualTo(original.id("<|im_end|>"));
        }
    }

    /**
     * Llama 3's pattern takes up to three digits, Qwen's and SmolLM's one, GPT-2's a run of them with the space before; no
     * merge crosses a cut.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    qwen2            | 1 2 3 4 ^ 5
                    deepseek-r1-qwen | 1 2 3 4 ^ 5
                    llama-bpe        | 123 4 ^ 5
                    smollm           | 1 2 3 4 ^ 5
                    gpt-2            | 1234 ^5
                    """)
    void cutsDigitsAsItsModelsDo(String rule, String pieces) {
        metadata.put("tokenizer.ggml.pre", rule);
        List<String> tokens = new ArrayList<>();
        for (char c : "0123456789".toCharArray()) {
            tokens.add(String.valueOf(c));
        }
        tokens.addAll(List.of("12", "123", "1234", "\u0120", "\u01205"));
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", tokens.stream().map(t -> 1L).toList());
        metadata.put("tokenizer.ggml.merges", List.of("1 2", "12 3", "123 4", "\u0120 5"));
        try (Tokenizer tokenizer = GgufTokenizer.of(metadata, "digits.gguf").open()) {
            List<String> read = Arrays.stream(tokenizer.encode("1234 5"))
                    .mapToObj(tokens::get)
                    .toList();
            assertThat(String.join(" ", read)).isEqualTo(pieces.replace('^', '\u0120'));
        }
    }

    @Test
    void composesUnicodeWhereQwenDoes() {
        try (Tokenizer qwen = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            assertThat(qwen.encode("e\u0301")).isEqualTo(qwen.encode("\u00e9"));
        }
        metadata.put("tokenizer.ggml.pre", "llama-bpe");
        try (Tokenizer llama = GgufTokenizer.of(metadata, "tiny.gguf").open()) {
            assertThat(llama.encode("e\u0301")).isNotEqualTo(llama.encode("\u00e9"));
        }
    }

    @Test
    void isWrittenAsAHuggingFaceFolder(@TempDir Path target) throws IOException {
        List<?> tokens = (List<?>) Objects.requireNonNull(metadata.get("tokenizer.ggml.tokens"));
        metadata.put("tokenizer.chat_template", "{{ bos_token }}{{ messages[0]['content'] }}{{ eos_token }}");
        metadata.put("tokenizer.ggml.bos_token_id", (long) tokens.indexOf("<|im_start|>"));
        metadata.put("tokenizer.ggml.eos_token_id", (long) tokens.indexOf("<|im_end|>"));
        metadata.put("tokenizer.ggml.padding_token_id", 4_294_967_295L); // none
        metadata.put("tokenizer.ggml.add_bos_token", true);
        GgufTokenizer read = GgufTokenizer.of(metadata, "tiny.gguf");
        assertThat(read.write(target)).containsExactly("tokenizer.json", "tokenizer_config.json");
        assertThat(read.specialTokens())
                .containsExactlyInAnyOrderEntriesOf(Map.of("bos_token", "<|im_start|>", "eos_token", "<|im_end|>"));
        assertThat(ChatTemplate.of(target).render(List.of(Message.user("Hi")), false))
                .isEqualTo("<|im_start|>Hi<|im_end|>");
        try (HfTokenizer written = HfTokenizer.open(target);
                Tokenizer direct = read.open()) {
            assertThat(written.sha256()).isEqualTo(direct.sha256());
            assertThat(written.encode("Hi"))
                    .as("no token is put before a text here, whatever the file tells other tools")
                    .doesNotContain(tokens.indexOf("<|im_start|>"));
        }
        JsonNode processors = new ObjectMapper()
                .readTree(target.resolve("tokenizer.json").toFile())
                .at("/post_processor/processors");
        assertThat(processors.at("/1/single/0/SpecialToken/id").asText()).isEqualTo("<|im_start|>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    model      | t5         | must be gpt2, a byte-level BPE, or llama, a BPE of SentencePiece; got t5. Give the Hugging Face folder
                    pre        | tekken     | must be one of [qwen2, deepseek-r1-qwen, llama-bpe, llama3, llama-v3, smollm, gpt-2]; got tekken
                    tokens     | none       | it has no tokenizer.ggml.tokens; is it a file of weights alone?
                    merges     | none       | it has no tokenizer.ggml.merges
                    token_type | none       | it has no tokenizer.ggml.token_type
                    """)
    void refusesWhatItWouldHaveToGuess(String key, String value, String message) {
        metadata.put("tokenizer.ggml." + key, value);
        assertThatThrownBy(() -> GgufTokenizer.of(metadata, "x.gguf"))
                .isInstanceOf(TokenizerException.class)
                .hasMessageStartingWith("tokenizer in x.gguf: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesAVocabularyThatIsNone() {
        Map<String, Object> broken = new HashMap<>(metadata);
        broken.put("tokenizer.ggml.tokens", List.of("a", "a"));
        assertThatThrownBy(() -> GgufTokenizer.of(broken, "x.gguf"))
                .hasMessageContaining("token_type must have an entry for each of 2 tokens");
        broken.put("tokenizer.ggml.token_type", List.of(1L, 1L));
        assertThatThrownBy(() -> GgufTokenizer.of(broken, "x.gguf")).hasMessageContaining("token \"a\" stands twice");
        broken.put("tokenizer.ggml.tokens", List.of("a", "b"));
        broken.put("tokenizer.ggml.token_type", List.of(6L, 1L));
        assertThatThrownBy(() -> GgufTokenizer.of(broken, "x.gguf"))
                .hasMessageContaining("token 0 \"a\" has type 6, which a byte-level BPE does not have");
        broken.put("tokenizer.ggml.token_type", List.of(1L, 9L));
        assertThatThrownBy(() -> GgufTokenizer.of(broken, "x.gguf"))
                .hasMessageContaining("token 1 \"b\" has type 9, which no tokenizer has");
        broken.put("tokenizer.ggml.tokens", List.of("a", 7L));
        assertThatThrownBy(() -> GgufTokenizer.of(broken, "x.gguf"))
                .hasMessageContaining("tokenizer.ggml.tokens must be a list of texts");
        broken.put("tokenizer.ggml.tokens", List.of("a", "b"));
        broken.put("tokenizer.ggml.token_type", List.of(1L, 1L));
        broken.put("tokenizer.ggml.merges", List.of("a c"));
        GgufTokenizer unmergeable = GgufTokenizer.of(broken, "x.gguf");
        assertThatThrownBy(unmergeable::open)
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer x.gguf: ");
    }
}
