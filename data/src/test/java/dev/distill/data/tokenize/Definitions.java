package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;

/** Definitions of tokenizers with the steps of the published ones, for tests. */
final class Definitions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Definitions() {}

    /** The {@code pre_tokenizer} of this name. */
    static JsonNode preTokenizer(String name) {
        return Objects.requireNonNull(preTokenizers().get(name), name);
    }

    /** The trees of the {@code pre_tokenizer} of the model lines, by name. */
    static SequencedMap<String, JsonNode> preTokenizers() {
        SequencedMap<String, JsonNode> all = new LinkedHashMap<>();
        for (WordRule rule : List.of(WordRule.QWEN2, WordRule.LLAMA3, WordRule.SMOLLM, WordRule.GPT2)) {
            all.put(rule.name(), rule.preTokenizer());
        }
        all.put(
                "DEEPSEEK",
                splits(
                        "\\p{N}{1,3}",
                        "[一-龥\u3040-ゟ゠-ヿ]+",
                        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                                + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"));
        all.put(
                "QWEN3.5",
                splits("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));
        // DeepSeek-V3's last expression on its own, which numbers do not match
        all.put(
                "NUMBERS UNMATCHED",
                splits("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                        + "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                        + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"));
        ObjectNode digits = WordRule.SMOLLM.preTokenizer();
        ((ObjectNode) digits.path("pretokenizers").get(0)).put("individual_digits", false);
        all.put("RUNS OF DIGITS", digits);
        return all;
    }

    private static ObjectNode splits(String... regexes) {
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        for (String regex : regexes) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", regex);
            split.put("behavior", "Isolated").put("invert", false);
        }
        steps.add(WordRule.byteLevel(false));
        return sequence;
    }

    /** 256 tokens, one for each byte, and no merges. */
    static ObjectNode bytes() {
        SequencedMap<String, Integer> vocabulary = new LinkedHashMap<>();
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.valueOf(ByteAlphabet.letter(b)), b);
        }
        return new BpeDefinition(vocabulary, List.of(), new LinkedHashMap<>(), WordRule.GPT2, OptionalInt.empty())
                .json();
    }

    /** A tokenizer with the added tokens of {@link Tiny}, trained on these texts. */
    static ObjectNode trained(Path folder, List<String> texts, int vocabularySize) throws IOException {
        BpeTrainer.train(texts, vocabularySize, Tiny.ADDED).write(folder, "<|endoftext|>", "<|im_end|>", null);
        return (ObjectNode) JSON.readTree(Files.readString(folder.resolve("tokenizer.json")));
    }

    static BpeTokenizer java(JsonNode definition) {
        return BpeTokenizer.of(utf8(definition), "test");
    }

    static HfTokenizer library(JsonNode definition) {
        return HfTokenizer.of(utf8(definition), "test");
    }

    static byte[] utf8(JsonNode definition) {
        return definition.toString().getBytes(StandardCharsets.UTF_8);
    }
}
