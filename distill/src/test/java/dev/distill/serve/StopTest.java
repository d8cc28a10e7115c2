package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests when the server is stopped. */
@Timeout(60)
class StopTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Batching ONE_SLOT = new Batching(1, 1000, 0, 200, 8, 64 << 20);

    @TempDir
    private static Path folder;

    private static WireLimits grace(Duration grace) {
        WireLimits limits = TinyServer.LIMITS;
        return new WireLimits(
                limits.connections(),
                limits.bodyBytes(),
                limits.bodiesBytes(),
                limits.head(),
                limits.body(),
                limits.idle(),
                limits.write(),
                limits.unreadBytes(),
                grace);
    }

    /** Streams of this many requests, once the server is stopped and they are read to their ends. */
    private static List<String> stopped(int requests, int tokens, Duration grace) throws Exception {
        TinyServer tiny = new TinyServer(folder, ONE_SLOT, grace(grace));
        ObjectNode much = TinyServer.chat("Hello", tokens, 1).put("n", 8).put("stream", true);
        List<RawClient> many = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            many.add(new RawClient(tiny.server.uri()));
            many.getLast().say(RawClient.post(CHAT, much.toString()));
        }
        tiny.await("distill_serve_queued_rows", rows -> rows >= 8 * (requests - 1)); // of all of them
        tiny.close();
        List<String> said = new ArrayList<>();
        for (RawClient client : many) {
            said.add(client.rest());
            client.close();
        }
        return said;
    }

    @Test
    void whatIsUnderWayHasTheGrace() throws Exception {
        assertThat(stopped(2, 100, Duration.ofSeconds(50)))
                .allSatisfy(said -> assertThat(said).contains("[DONE]").doesNotContain("stopping"));
    }

    @Test
    void whatTakesLongerIsToldSo() throws Exception {
        assertThat(stopped(12, 200, Duration.ZERO))
                .allSatisfy(said -> assertThat(said).contains("\"code\":\"stopping\""));
    }

    /** An answer that is there, and that its client has only begun to read, is read to its end. */
    @Test
    void whatIsAnsweredIsWrittenToItsEnd() throws Exception {
        TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, grace(Duration.ZERO));
        ObjectNode much = TinyServer.chat("Hello", 200, 1).put("n", 8);
        much.put("logprobs", true).put("top_logprobs", 20);
        try (RawClient client = new RawClient(tiny.server.uri(), 4 << 10)) {
            client.say(RawClient.post(CHAT, much.toString()).replace("HTTP/1.1", "HTTP/1.0"));
            tiny.await("distill_serve_requests_total{outcome=\"answered\"}", 1);
            FutureTask<Integer> closing = new FutureTask<>(tiny::close, 0);
            Thread.ofPlatform().start(closing);
            String said = client.rest();
            closing.get(30, TimeUnit.SECONDS);
            JsonNode reply = TinyServer.JSON.readTree(said.substring(said.indexOf("\r\n\r\n")));
            assertThat(said).hasSizeGreaterThan(500_000);
            assertThat(reply.path("choices")).hasSize(8);
            assertThat(reply.path("usage").path("completion_tokens").asInt()).isPositive();
        }
    }
}
