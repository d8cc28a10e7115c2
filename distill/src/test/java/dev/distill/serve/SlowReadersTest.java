package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that read slowly, or not at all. */
@Timeout(60)
class SlowReadersTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String ROWS = "distill_serve_rows{model=\"tiny\"}";
    private static final String CANCELLED = "distill_serve_requests_total{outcome=\"cancelled\"}";

    @TempDir
    private static Path folder;

    private static WireLimits limits(Duration write, int unread) {
        return new WireLimits(
                100,
                64 << 10,
                200_000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                write,
                unread,
                Duration.ofSeconds(1));
    }

    private static ObjectNode much(boolean stream) {
        return TinyServer.chat("Hello", 200, 1)
                .put("n", 8)
                .put("stream", stream)
                .put("logprobs", true)
                .put("top_logprobs", 20);
    }

    @Test
    void whoDoesNotReadIsCutOffAndNobodyWaitsForIt() throws Exception {
        WireLimits limits = limits(Duration.ofSeconds(1), 32 << 10);
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, limits);
                RawClient sleeper = new RawClient(tiny.server.uri(), 4 << 10)) {
            sleeper.say(RawClient.post(CHAT, much(true).toString()));
            assertThat(tiny.ask(TinyServer.chat("Hello", 50, 1)).path("choices"))
                    .hasSize(1);
            tiny.await("distill_serve_clients_cut_off_total", 1);
            tiny.await(CANCELLED, 1);
            tiny.await(ROWS, 0);
        }
    }

    /** Its rows wait for it, and go on when it reads: it has all of the text, and was never cut off. */
    @Test
    void whoReadsSlowlyHasAllOfIt() throws Exception {
        WireLimits limits = limits(Duration.ofSeconds(20), 32 << 10);
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, limits);
                RawClient slow = new RawClient(tiny.server.uri(), 4 << 10)) {
            JsonNode whole = tiny.ask(much(false)).path("choices");
            slow.say(RawClient.post(CHAT, much(true).toString(), "Connection: close"));
            tiny.await("distill_serve_held_rows{model=\"tiny\"}", rows -> rows > 0);
            assertThat(tiny.ask(TinyServer.chat("Hello", 50, 1)).path("choices"))
                    .hasSize(1);
            List<String> events = TinyServer.events(unchunked(slow.restAsBytes()));
            assertThat(events.getLast()).isEqualTo("[DONE]");
            List<StringBuilder> texts = new ArrayList<>();
            for (int row = 0; row < 8; row++) {
                texts.add(new StringBuilder());
            }
            for (String event : events.subList(0, events.size() - 1)) {
                JsonNode choice =
                        TinyServer.JSON.readTree(event).path("choices").path(0);
                texts.get(choice.path("index").asInt())
                        .append(choice.path("delta").path("reasoning_content").asText(""))
                        .append(choice.path("delta").path("content").asText(""));
            }
            for (int row = 0; row < 8; row++) {
                JsonNode message = whole.path(row).path("message");
                assertThat(texts.get(row))
                        .hasToString(message.path("reasoning_content").asText("")
                                + message.path("content").asText());
            }
            assertThat(tiny.metric("distill_serve_clients_cut_off_total")).isZero();
        }
    }

    /** The body of a reply in chunks. */
    private static String unchunked(byte[] bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        while (true) {
            int end = at;
            while (bytes[end] != '\r') {
                end++;
            }
            int size = Integer.parseInt(new String(bytes, at, end - at, StandardCharsets.US_ASCII), 16);
            if (size == 0) {
                return body.toString(StandardCharsets.UTF_8);
            }
            body.write(bytes, end + 2, size);
            at = end + 4 + size;
        }
    }

    @Test
    void anEchoThatIsLargerThanWhatMayWaitIsStreamedWhole() throws Exception {
        ObjectNode body = TinyServer.completion("Two and two is four. ".repeat(8), 3)
                .put("echo", true)
                .put("logprobs", 20)
                .put("stream", true);
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, limits(Duration.ofSeconds(20), 1 << 10))) {
            List<String> events =
                    TinyServer.events(tiny.post("/v1/completions", body).body());
            assertThat(events.getLast()).isEqualTo("[DONE]");
            assertThat(events.getFirst()).hasSizeGreaterThan(10 << 10);
            assertThat(tiny.metric("distill_serve_clients_cut_off_total")).isZero();
        }
    }
}
