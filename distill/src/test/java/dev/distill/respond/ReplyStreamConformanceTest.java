package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * vLLM's cases and a recorded answer of DeepSeek-R1, token by token in Qwen3's vocabulary, in which {@code <think>} is one
 * token, and with its letters as tokens. White space around reasoning and answer is not compared: here it goes, and {@code
 * ReasoningConformanceTest} of module data compares it.
 */
@Tag("conformance")
class ReplyStreamConformanceTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("distill.conformance", "")).toAbsolutePath();

    private static JsonNode read(String name) throws IOException {
        Path file = FOLDER.resolve(name);
        assumeTrue(Files.exists(file), "skipped: no " + file + "; set -Ddistill.conformance");
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Tokenizer qwen3(Path folder) throws IOException {
        Path packed = FOLDER.resolve("tokenizers").resolve("qwen3.tokenizer.json.gz");
        assumeTrue(Files.exists(packed), "skipped: no " + packed + "; set -Ddistill.conformance");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, folder.resolve("tokenizer.json"));
        }
        return TokenizerFile.open(folder);
    }

    private static ReplyStream streamed(Tokenizer tokenizer, List<int[]> parts, Start start) {
        ReplyStream stream = new ReplyStream(tokenizer, ThinkMarkers.THINK, start, List.of());
        for (int[] ids : parts) {
            for (int id : ids) {
                stream.add(id);
            }
        }
        stream.finish();
        return stream;
    }

    @Test
    void splitsAllCasesOfVllm(@TempDir Path folder) throws IOException {
        JsonNode cases =
                read("chat_templates/reasoning_parser_deepseek_r1_24.json").path("deepseek_r1");
        assertThat(cases).hasSize(24);
        try (Tokenizer tokenizer = qwen3(folder)) {
            assertThat(tokenizer.encode("<think>")).hasSize(1);
            for (JsonNode c : cases) {
                String output = c.path("output").asText();
                List<int[]> whole = List.of(tokenizer.encode(output));
                List<int[]> letters = output.codePoints()
                        .mapToObj(letter -> tokenizer.encode(Character.toString(letter)))
                        .toList();
                for (List<int[]> parts : List.of(whole, letters)) {
                    ReplyStream stream = streamed(tokenizer, parts, Start.IN_PROMPT);
                    assertThat(stream.reasoning())
                            .as(c.path("id").asText())
                            .isEqualTo(c.path("reasoning").asText("").strip());
                    assertThat(stream.answer())
                            .as(c.path("id").asText())
                            .isEqualTo(c.path("content").asText("").strip());
                }
            }
        }
    }

    @Test
    void splitsARealAnswer(@TempDir Path folder) throws IOException {
        String text = read("tokenizers/deepseek_r1_stream_954_tokens.json")
                .path("text")
                .asText();
        int end = text.indexOf("</think>");
        try (Tokenizer tokenizer = qwen3(folder)) {
            ReplyStream stream = streamed(tokenizer, List.of(tokenizer.encode(text)), Start.IN_COMPLETION);
            assertThat(stream.reasoning())
                    .isEqualTo(text.substring("<think>".length(), end).strip());
            assertThat(stream.answer())
                    .isEqualTo(text.substring(end + "</think>".length()).strip());
        }
    }
}
