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

/** Qwen3's own tokenizer on the 46 strings of llama.cpp's vocabulary tests. */
@Tag("conformance")
class TokenizerConformanceTest {
    private static final Path CASES =
            Path.of(System.getProperty("distill.conformance", ""), "tokenizers").toAbsolutePath();

    @Test
    void qwen3GivesTheIdsOfAllStrings(@TempDir Path folder) throws IOException {
        Path packed = CASES.resolve("qwen3.tokenizer.json.gz");
        assumeTrue(Files.exists(packed), "skipped: no " + packed + "; set -Ddistill.conformance");
        Path file = folder.resolve("tokenizer.json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, file);
        }
        List<String> texts =
                List.of(Files.readString(CASES.resolve("qwen2.inp")).split("\n__ggml_vocab_test__\n", -1));
        List<int[]> expected = Files.readString(CASES.resolve("qwen2.out"))
                .lines()
                .map(line -> Arrays.stream(line.trim().split(" "))
                        .filter(id -> !id.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toList();
        assertThat(expected).hasSize(46);
        try (HfTokenizer tokenizer = HfTokenizer.open(file)) {
            for (int i = 0; i < expected.size(); i++) {
                assertThat(tokenizer.encode(texts.get(i)))
                        .as("case %d: <%s>", i, texts.get(i))
                        .isEqualTo(expected.get(i));
                assertThat(tokenizer.decode(expected.get(i), false)).isEqualTo(texts.get(i));
            }
            assertThat(tokenizer.vocabularySize()).isEqualTo(151_669);
        }
    }
}
