package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule's words against those of Hugging Face's library, which tells of which word a token is. */
class WordScannerTest {
    static List<String> rules() {
        return List.copyOf(Definitions.preTokenizers().keySet());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void randomTexts(String rule) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            texts.add(WildTexts.of(random, random.nextInt(1, 120)));
        }
        check(rule, texts, seed);
    }

    /** Every code point between letters, digits, spaces and signs; with an apostrophe before, for those that are a letter in disguise. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("rules")
    void allCharactersOfTheBasicPlaneAndSomeOfTheOthers(String rule) throws IOException {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x20000 ? 1 : 997) {
            if (c >= 0xD800 && c < 0xE000) {
                continue;
            }
            text.append('a')
                    .appendCodePoint(c)
                    .append("1'")
                    .appendCodePoint(c)
                    .append(' ')
                    .appendCodePoint(c);
            if (text.length() > 4_000) {
                texts.add(text.toString());
                text.setLength(0);
            }
        }
        texts.add(text.toString());
        check(rule, texts, 0);
    }

    @Test
    void theLibraryWouldShowAnotherRulesWords() throws IOException {
        JsonNode qwen = Definitions.preTokenizer("QWEN2");
        JsonNode llama = Definitions.preTokenizer("LLAMA3");
        assertThat(library(qwen, List.of("a 123")).getFirst()).isNotEqualTo(words(scanners(llama), "a 123"));
    }

    private static void check(String rule, List<String> texts, long seed) throws IOException {
        JsonNode preTokenizer = Definitions.preTokenizer(rule);
        List<WordScanner> scanners = scanners(preTokenizer);
        List<String> clean = texts.stream().map(WordScannerTest::wellFormed).toList();
        List<List<Integer>> expected = library(preTokenizer, clean);
        for (int i = 0; i < clean.size(); i++) {
            assertThat(words(scanners, clean.get(i)))
                    .as("%s, seed %d, text %d: <%s>", rule, seed, i, clean.get(i))
                    .isEqualTo(expected.get(i));
        }
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
    }

    /** Bytes of each word, by the library: a token is a byte, and has the number of its word. */
    private static List<List<Integer>> library(JsonNode preTokenizer, List<String> texts) throws IOException {
        ObjectNode root = Definitions.bytes();
        root.set("pre_tokenizer", preTokenizer);
        Map<String, String> options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
        List<List<Integer>> all = new ArrayList<>();
        try (HuggingFaceTokenizer library =
                HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(Definitions.utf8(root)), options)) {
            for (String text : texts) {
                List<Integer> sizes = new ArrayList<>();
                long before = -1;
                for (long word : library.encode(text, false, false).getWordIds()) {
                    if (word != before) {
                        sizes.add(0);
                    }
                    sizes.set(sizes.size() - 1, sizes.getLast() + 1);
                    before = word;
                }
                all.add(sizes);
            }
        }
        return all;
    }

    private static List<WordScanner> scanners(JsonNode preTokenizer) {
        ObjectNode root = Definitions.bytes();
        root.set("pre_tokenizer", preTokenizer);
        return BpeSteps.of(root, what -> new TokenizerException(TokenizerException.Fault.UNSUPPORTED, what, null))
                .scanners();
    }

    /** The bytes of each word by these steps, one after the other. */
    private static List<Integer> words(List<WordScanner> steps, String text) {
        List<String> words = List.of(text);
        for (WordScanner step : steps) {
            List<String> next = new ArrayList<>();
            for (String word : words) {
                char[] letters = ("x" + word + "x").toCharArray(); // what stands around a part is none of its business
                int end = letters.length - 1;
                for (int at = 1; at < end; ) {
                    int behind = step.end(letters, at, end);
                    next.add(new String(letters, at, behind - at));
                    at = behind;
                }
            }
            words = next;
        }
        return words.stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8).length)
                .toList();
    }
}
