package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a byte-level BPE cuts a text into words, in which alone it merges: as the {@code tokenizer.json} of a model line
 * states it, and under the names that {@code tokenizer.ggml.pre} of a GGUF file gives it.
 */
enum WordRule {
    /** Each digit is a word; the text is put into Unicode's normal form C first. */
    QWEN2(List.of("qwen2", "deepseek-r1-qwen"), words("\\p{N}")),
    /** Up to three digits are a word; a word that is a token as a whole is taken as it is. */
    LLAMA3(List.of("llama-bpe", "llama3", "llama-v3"), words("\\p{N}{1,3}")),
    /** GPT-2's words, each digit cut off before. */
    SMOLLM(List.of("smollm"), ""),
    /** GPT-2's words. */
    GPT2(List.of("gpt-2"), ""),
    /** Qwen2's words of the text as it is: tokenizers of our own. */
    OWN(List.of(), words("\\p{N}"));

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Qwen3.5's words, in which marks are letters. */
    private static final String WITH_MARKS = words("\\p{N}")
            .replace("?\\p{L}+", "?[\\p{L}\\p{M}]+")
            .replace("[^\\s\\p{L}\\p{N}]+", "[^\\s\\p{L}\\p{M}\\p{N}]+");

    private static final Map<String, WordScanner> SCANNERS = Map.of(
            QWEN2.regex,
            new WordScanner.Gpt4(1, CharClass.LETTER),
            LLAMA3.regex,
            new WordScanner.Gpt4(3, CharClass.LETTER),
            WITH_MARKS,
            new WordScanner.Gpt4(1, CharClass.LETTER | CharClass.MARK),
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            new WordScanner.Gpt2(),
            "\\p{N}",
            new WordScanner.Numbers(1),
            "\\p{N}{1,3}",
            new WordScanner.Numbers(3),
            "[一-龥\u3040-ゟ゠-ヿ]+",
            new WordScanner.EastAsian(),
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                    + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
            new WordScanner.DeepSeek());

    private final List<String> ggufNames;
    private final String regex;

    WordRule(List<String> ggufNames, String regex) {
        this.ggufNames = ggufNames;
        this.regex = regex;
    }

    private static String words(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    static Optional<WordRule> ofGguf(String name) {
        return Arrays.stream(values())
                .filter(rule -> rule.ggufNames.contains(name))
                .findFirst();
    }

    static List<String> namesInGguf() {
        return Arrays.stream(values()).flatMap(rule -> rule.ggufNames.stream()).toList();
    }

    /** The pattern of a word; empty where {@link #preTokenizer} uses GPT-2's. */
    String regex() {
        return regex;
    }

    boolean composesUnicode() {
        return this == QWEN2;
    }

    boolean takesWholeWords() {
        return this == LLAMA3;
    }

    /** What cuts texts as a known expression of a {@code Split} does; empty for one that is not known. */
    static Optional<WordScanner> scanner(String regex) {
        return Optional.ofNullable(SCANNERS.get(regex));
    }

    /** The {@code pre_tokenizer} of a {@code tokenizer.json}. */
    ObjectNode preTokenizer() {
        ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        switch (this) {
            case QWEN2, LLAMA3, OWN -> {
                ObjectNode split = steps.addObject().put("type", "Split");
                split.putObject("pattern").put("Regex", regex);
                split.put("behavior", "Isolated").put("invert", false);
            }
            case SMOLLM -> steps.addObject().put("type", "Digits").put("individual_digits", true);
            case GPT2 -> {}
        }
        steps.add(byteLevel(regex.isEmpty()));
        return sequence;
    }

    /** @param cuts whether it cuts the text into GPT-2's words too */
    static ObjectNode byteLevel(boolean cuts) {
        return JSON.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", cuts);
    }
}
