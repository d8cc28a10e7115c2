package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients that people have: the openai package, and curl.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} with {@code venv}, a Python with openai.
 */
@Tag("slow")
@Timeout(180)
class OtherClientsTest {
    private static final String KEY = "a-key-of-some-length";

    @TempDir
    Path folder;

    /** What a program says on stdout. */
    private String run(List<String> command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return said;
    }

    private static Path script() {
        try {
            return Path.of(Objects.requireNonNull(OtherClientsTest.class.getResource("ask_openai.py"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theOpenaiPackageIsAnswered() throws Exception {
        Path python = Path.of(System.getProperty("distill.peers", "")).resolve("venv/bin/python");
        assumeTrue(Files.isExecutable(python), "skipped: missing " + python + ", named by -Ddistill.peers");
        Process there = new ProcessBuilder(python.toString(), "-c", "import openai").start();
        assumeTrue(there.waitFor() == 0, "skipped: " + python + " has no openai; install it with pip");
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, TinyServer.LIMITS, KEY)) {
            JsonNode said = TinyServer.JSON.readTree(run(List.of(
                    python.toString(), script().toString(), tiny.server.uri().toString(), "tiny", KEY)));
            assertThat(said.path("models").path(0).asText()).isEqualTo("tiny");
            assertThat(said.path("retrieved").asText()).isEqualTo("tiny");
            for (int row = 0; row < 2; row++) {
                JsonNode whole = said.path("whole").path(row);
                JsonNode streamed = said.path("streamed").path(row);
                assertThat(streamed.path("content")).isEqualTo(whole.path("content"));
                assertThat(streamed.path("reasoning").asText())
                        .isEqualTo(whole.path("reasoning").asText(""))
                        .isNotEmpty();
            }
            assertThat(said.path("streamed_usage")).isEqualTo(said.path("usage"));
            assertThat(said.path("usage")
                            .path("completion_tokens_details")
                            .path("reasoning_tokens")
                            .asInt())
                    .isPositive();
            assertThat(said.path("completion").path(1).asText()).startsWith("Count");
            assertThat(said.path("scored").asInt()).isGreaterThan(9);
            assertThat(said.path("extra").asText()).isEqualTo("text_completion");
            assertThat(said.path("together").asBoolean()).isTrue();
            assertThat(said.path("refused").toString())
                    .isEqualTo("[[\"NotFoundError\",\"model\",\"model_not_found\"],"
                            + "[\"BadRequestError\",\"temperature\",null],"
                            + "[\"BadRequestError\",\"tools\",\"unsupported_parameter\"]]");
            assertThat(said.path("wrong_key").asText()).isEqualTo("invalid_api_key");
        }
    }

    @Test
    void curlIsAnswered() throws Exception {
        Path curl = Path.of("/usr/bin/curl");
        assumeTrue(Files.isExecutable(curl), "skipped: missing " + curl);
        try (TinyServer tiny = new TinyServer(folder)) {
            ObjectNode body = TinyServer.chat("Hello", 20, 1);
            String reasoning = tiny.ask(body)
                    .path("choices")
                    .path(0)
                    .path("message")
                    .path("reasoning_content")
                    .asText();
            String said = run(List.of(
                    curl.toString(),
                    "-sN",
                    tiny.server.uri() + "/v1/chat/completions",
                    "-H",
                    "Content-Type: application/json",
                    "-d",
                    body.put("stream", true).toString()));
            StringBuilder streamed = new StringBuilder();
            for (String event : TinyServer.events(said)) {
                streamed.append(
                        event.startsWith("{")
                                ? TinyServer.JSON
                                        .readTree(event)
                                        .path("choices")
                                        .path(0)
                                        .path("delta")
                                        .path("reasoning_content")
                                        .asText("")
                                : "");
            }
            assertThat(streamed).hasToString(reasoning);
            assertThat(said).endsWith("data: [DONE]\n\n");
            Path large = Files.writeString(
                    folder.resolve("large.json"), " ".repeat(200_000)); // curl asks whether to send it
            assertThat(run(List.of(
                            curl.toString(),
                            "-s",
                            tiny.server.uri() + "/v1/completions",
                            "-H",
                            "Content-Type: application/json",
                            "-H",
                            "Expect: 100-continue",
                            "-d",
                            "@" + large)))
                    .contains("request_too_large");
        }
    }
}
