package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two engines, id for id and text for text. */
class EngineParityTest {
    private static final long MEGABYTE = 1_000_000;

    /** A small vocabulary with the steps of each model line, on texts of every kind. */
    @ParameterizedTest
    @ValueSource(strings = {"QWEN2", "LLAMA3", "DEEPSEEK", "SMOLLM"})
    void smallVocabulary(String rule, @TempDir Path folder) throws IOException {
        long seed = System.nanoTime();
        MixedTexts mixed = new MixedTexts(seed);
        mixed.addFiles(Path.of("src/main/java").toAbsolutePath(), MEGABYTE, ".java");
        mixed.addFiles(Path.of("").toAbsolutePath().resolveSibling("docs"), MEGABYTE, ".md");
        List<String> texts = mixed.next(MEGABYTE * 2 / 5);
        ObjectNode definition = Definitions.trained(folder, texts.subList(0, Math.min(30, texts.size())), 600);
        definition.set("pre_tokenizer", Definitions.preTokenizer(rule));
        if (rule.equals("QWEN2")) {
            definition.putObject("normalizer").put("type", "NFC");
        }
        ((ObjectNode) definition.path("model")).put("ignore_merges", rule.equals("LLAMA3"));
        try (HfTokenizer library = Definitions.library(definition)) {
            Tally tally = new Tally();
            compare(Definitions.java(definition), library, texts, "seed " + seed, tally);
            assertThat(tally.tokens).isGreaterThan(MEGABYTE / 20);
        }
    }

    /** Every real tokenizer that this machine has, on 100 MB each. */
    @Tag("slow")
    @Test
    void realVocabularies() throws IOException {
        Map<String, byte[]> tokenizers = tokenizers();
        assumeFalse(
                tokenizers.isEmpty(),
                "skipped: no tokenizer; name folders of models with -Ddistill.models, or the cases with -Ddistill.conformance");
        for (Map.Entry<String, byte[]> each : tokenizers.entrySet()) {
            long seed = System.nanoTime();
            MixedTexts mixed = MixedTexts.ofThisMachine(seed);
            BpeTokenizer java = BpeTokenizer.of(each.getValue(), each.getKey());
            Tally tally = new Tally();
            try (HfTokenizer library = HfTokenizer.of(each.getValue(), each.getKey())) {
                while (tally.bytes < Long.getLong("distill.parity.mb", 100) * MEGABYTE) {
                    compare(java, library, mixed.next(4 * MEGABYTE), each.getKey() + ", seed " + seed, tally);
                }
            }
            System.out.printf("%s: %s, seed %d%n", each.getKey(), tally, seed);
        }
    }

    private static final class Tally {
        private long bytes;
        private long tokens;
        private long texts;
        private long javaNanos;
        private long libraryNanos;

        @Override
        public String toString() {
            return "%d texts, %.1f MB, %d tokens, the same ids; Java %.1f s, library %.1f s"
                    .formatted(texts, bytes / 1e6, tokens, javaNanos / 1e9, libraryNanos / 1e9);
        }
    }

    private static void compare(Tokenizer java, Tokenizer library, List<String> texts, String seed, Tally tally) {
        long begin = System.nanoTime();
        List<int[]> ours = java.encodeAll(texts);
        long middle = System.nanoTime();
        List<int[]> theirs = library.encodeAll(texts);
        tally.libraryNanos += System.nanoTime() - middle;
        tally.javaNanos += middle - begin;
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            int[] ids = ours.get(i);
            int other = Arrays.mismatch(ids, theirs.get(i));
            assertThat(other)
                    .as("%s: first id that differs in <%s>: %s", seed, text, around(java, ids, other))
                    .isEqualTo(-1);
            tally.texts++;
            tally.bytes += text.getBytes(StandardCharsets.UTF_8).length;
            tally.tokens += ids.length;
            if (i % 8 == 0) {
                int[] cut = Arrays.copyOfRange(ids, ids.length / 3, ids.length - ids.length / 4);
                boolean skip = i % 16 == 0;
                assertThat(java.decode(cut, skip)).as(seed).isEqualTo(library.decode(cut, skip));
            }
            if (i % 64 == 0) {
                int[] cut = Arrays.copyOfRange(ids, 0, Math.min(ids.length, 400));
                assertThat(StreamDecoderTest.stream(java, cut, false)).as(seed).isEqualTo(java.decode(cut, false));
            }
        }
    }

    private static String around(Tokenizer tokenizer, int[] ids, int at) {
        int[] cut = Arrays.copyOfRange(ids, Math.max(0, at - 3), Math.min(ids.length, Math.max(0, at + 4)));
        return tokenizer.decode(cut, false);
    }

    private static Map<String, byte[]> tokenizers() throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        Path packed = Path.of(System.getProperty("distill.conformance", ""), "tokenizers", "qwen3.tokenizer.json.gz");
        if (Files.exists(packed)) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
                all.put("qwen3", in.readAllBytes());
            }
        }
        String models = System.getProperty("distill.models", "");
        if (!models.isEmpty()) {
            try (Stream<Path> folders = Files.list(Path.of(models))) {
                for (Path folder : folders.sorted().toList()) {
                    Path file = folder.resolve("tokenizer.json");
                    byte[] json = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                    if (json.length > 0 && all.values().stream().noneMatch(each -> Arrays.equals(each, json))) {
                        all.put(folder.getFileName().toString(), json);
                    }
                }
            }
        }
        return all;
    }
}
