package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that are slow, gone, wrong or too many. */
@Timeout(60)
class WireTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String ROWS = "distill_serve_rows{model=\"tiny\"}";
    private static final String QUEUED = "distill_serve_queued_rows";
    private static final String CANCELLED = "distill_serve_requests_total{outcome=\"cancelled\"}";

    @TempDir
    private static Path folder;

    private static TinyServer common;

    @BeforeAll
    static void start() throws IOException {
        common = new TinyServer(folder);
    }

    @AfterAll
    static void stop() {
        common.close();
    }

    private static WireLimits limits(int connections, Duration time, int unread) {
        return new WireLimits(
                connections, 64 << 10, time, time, time, Duration.ofSeconds(20), unread, Duration.ofSeconds(1));
    }

    /** A request that is under way for long: it has many tokens to write, one at a time. */
    private static String endless(boolean stream) {
        ObjectNode body = TinyServer.chat("Hello", 200, 1)
                .put("n", 8)
                .put("stream", stream)
                .put("logprobs", true);
        return RawClient.post(CHAT, body.toString());
    }

    private TinyServer oneSlot(int queue) throws IOException {
        return new TinyServer(folder, new Batching(1, queue, 0, 200, 8, 64 << 20), TinyServer.LIMITS);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whoGoesAwayFreesItsRows(boolean stream) throws Exception {
        try (TinyServer tiny = oneSlot(1000)) {
            for (int i = 0; i < 5; i++) {
                RawClient client = new RawClient(tiny.server.uri());
                client.say(endless(stream));
                if (stream) {
                    client.upTo("data: ");
                } else {
                    tiny.await(ROWS, 1);
                }
                client.close();
                tiny.await(CANCELLED, i + 1);
                tiny.await(ROWS, 0);
            }
            assertThat(tiny.metric(QUEUED)).isZero();
        }
    }

    @Test
    void whoGoesAwayWhileItWaitsLeavesTheQueue() throws Exception {
        try (TinyServer tiny = oneSlot(1000)) {
            List<FutureTask<String>> running = hold(tiny, 4);
            RawClient waiting = new RawClient(tiny.server.uri());
            double before = tiny.metric(QUEUED);
            waiting.say(endless(false));
            tiny.await(QUEUED, before + 8);
            waiting.close();
            tiny.await(CANCELLED, 1);
            for (FutureTask<String> one : running) {
                one.get();
            }
        }
    }

    /** Requests that take their time, from clients who wait. */
    private static List<FutureTask<String>> hold(TinyServer tiny, int count) throws Exception {
        List<FutureTask<String>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode body = TinyServer.chat("Hello", 200, i).put("n", 8);
            running.add(new FutureTask<>(() -> tiny.post(CHAT, body).body()));
            Thread.ofVirtual().start(running.getLast());
        }
        while (tiny.metric(QUEUED) < 8) {
            Thread.sleep(1);
        }
        return running;
    }

    @Test
    void aFullQueueSaysWhenToComeBack() throws Exception {
        try (TinyServer tiny = oneSlot(16)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(new RawClient(tiny.server.uri()));
                clients.getLast().say(endless(true));
            }
            assertThat(clients.getLast().upTo("}}").toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 429 ")
                    .contains("retry-after: 1", "queue_full", "rate_limit_error");
            for (RawClient client : clients) {
                client.close();
            }
            tiny.await(ROWS, 0);
            assertThat(tiny.ask(TinyServer.chat("Hello", 5, 1)).path("choices")).hasSize(1);
        }
    }

    @Test
    void aClientWithOneRequestDoesNotWaitForAllOfAnothers() throws Exception {
        String[] keys = {"the-key-of-the-greedy", "the-key-of-the-modest"};
        Batching one = new Batching(1, 1000, 0, 200, 8, 64 << 20);
        try (TinyServer tiny = new TinyServer(folder, one, TinyServer.LIMITS, keys)) {
            List<FutureTask<Integer>> greedy = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                ObjectNode body = TinyServer.chat("Hello", 100, i);
                greedy.add(new FutureTask<>(
                        () -> tiny.post(CHAT, body, "X-Api-Key", keys[0]).statusCode()));
                Thread.ofVirtual().start(greedy.getLast());
            }
            while (!tiny.get("/metrics", "X-Api-Key", keys[0]).body().matches("(?s).*queued_rows 2\\d\n.*")) {
                Thread.sleep(1);
            }
            int answered = tiny.post(CHAT, TinyServer.chat("Hello", 5, 1), "X-Api-Key", keys[1])
                    .statusCode();
            assertThat(answered).isEqualTo(200);
            assertThat(greedy.stream().filter(each -> !each.isDone()).count()).isGreaterThan(10);
            for (FutureTask<Integer> each : greedy) {
                assertThat(each.get()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoDoesNotReadIsCutOffAndNobodyWaitsForIt() throws Exception {
        WireLimits limits = limits(100, Duration.ofSeconds(20), 32 << 10);
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, limits);
                RawClient sleeper = new RawClient(tiny.server.uri(), 4 << 10)) {
            ObjectNode much = TinyServer.chat("Hello", 200, 1).put("n", 8).put("stream", true);
            much.put("logprobs", true).put("top_logprobs", 20);
            sleeper.say(RawClient.post(CHAT, much.toString()));
            assertThat(tiny.ask(TinyServer.chat("Hello", 50, 1)).path("choices"))
                    .hasSize(1);
            tiny.await("distill_serve_clients_cut_off_total", 1);
            tiny.await(CANCELLED, 1);
            tiny.await(ROWS, 0);
        }
    }

    @Test
    void whoSaysItsRequestTooSlowlyIsNotWaitedFor() throws Exception {
        try (TinyServer tiny =
                new TinyServer(folder, TinyServer.BATCHING, limits(100, Duration.ofMillis(300), 64 << 10))) {
            try (RawClient head = new RawClient(tiny.server.uri());
                    RawClient body = new RawClient(tiny.server.uri());
                    RawClient silent = new RawClient(tiny.server.uri())) {
                head.say("GET /health HTTP/1.1\r\nHost: loc");
                body.say("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{");
                assertThat(head.rest()).isEmpty();
                assertThat(body.rest()).startsWith("HTTP/1.1 408 ").contains("request_timeout");
                assertThat(silent.rest()).isEmpty();
            }
            tiny.await("distill_serve_connections", 1); // the one that asks
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /health HTTP/1.1\\r\\n\\r\\n | 400 | bad_http",
                "GET /health HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n | 400 | bad_http",
                "HELLO\\r\\n\\r\\n | 400 | bad_http",
                "POST /health HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 0\\r\\n\\r\\n | 405 | method_not_allowed",
                "OPTIONS /v1/models HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 405 | method_not_allowed",
                "GET /v1/chat/completions HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 405 | method_not_allowed",
                "GET /v1/../health HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n | 404 | not_found",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 2\\r\\n\\r\\n{} | 415 | unsupported_media_type",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Encoding: gzip\\r\\nContent-Length: 2\\r\\n\\r\\n{} | 415 | unsupported_media_type",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: 65537\\r\\n\\r\\n | 413 | request_too_large",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: 9999999999999999\\r\\n\\r\\n | 413 | request_too_large",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: -1\\r\\n\\r\\n | 400 | bad_http"
            })
    void whatIsNoRequestForThisServerIsToldSo(String said, int status, String code) throws Exception {
        try (RawClient client = new RawClient(common.server.uri())) {
            assertThat(client.say(said.replace("\\r\\n", "\r\n")).upTo("}}"))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\"code\":\"" + code + "\"", "\"error\":");
        }
    }

    @Test
    void headersAndBodiesThatAreTooLargeAreNotRead() throws Exception {
        try (TinyServer tiny = new TinyServer(folder)) {
            String head = " HTTP/1.1\r\nHost: localhost\r\n";
            try (RawClient client = new RawClient(tiny.server.uri())) {
                client.say("GET /health" + head + "X: " + "x".repeat(20_000) + "\r\n\r\n");
                assertThat(client.rest()).startsWith("HTTP/1.1 431 ");
            }
            try (RawClient client = new RawClient(tiny.server.uri())) {
                client.say("GET /" + "x".repeat(5_000) + head + "\r\n");
                assertThat(client.rest()).startsWith("HTTP/1.1 414 ");
            }
            try (RawClient client = new RawClient(tiny.server.uri())) { // no length, chunk after chunk
                client.say(
                        "POST " + CHAT + head + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < 70; i++) {
                    client.say("400\r\n" + "x".repeat(1024) + "\r\n");
                }
                client.say("0\r\n\r\n");
                assertThat(client.rest()).startsWith("HTTP/1.1 413 ").contains("a request's body may have 65536 bytes");
            }
        }
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        String health = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (TinyServer tiny = new TinyServer(folder);
                RawClient client = new RawClient(tiny.server.uri())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.say(health).upTo("\"ok\"}")).startsWith("HTTP/1.1 200 ");
                String refused = RawClient.post(CHAT, "{\"n\": 0}");
                assertThat(client.say(refused).upTo("}}")).startsWith("HTTP/1.1 400 ");
                String answered =
                        RawClient.post(CHAT, TinyServer.chat("Hi", 3, 1).toString());
                assertThat(client.say(answered).upTo("}}}")).startsWith("HTTP/1.1 200 ");
            }
            client.say(RawClient.post(CHAT, TinyServer.chat("Hi", 50, 1).toString()) + health);
            assertThat(client.rest())
                    .as("the second came before the first was answered: after it the connection ends")
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain("\"ok\"");
            try (RawClient old = new RawClient(tiny.server.uri())) {
                old.say(RawClient.post(
                                CHAT,
                                TinyServer.chat("Hi", 3, 1).put("stream", true).toString())
                        .replace("HTTP/1.1", "HTTP/1.0"));
                assertThat(old.rest())
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContain("chunked")
                        .endsWith("\n\ndata: [DONE]\n\n");
            }
        }
    }

    @Test
    void moreConnectionsThanThereMayBeAreClosed() throws Exception {
        try (TinyServer tiny =
                new TinyServer(folder, TinyServer.BATCHING, limits(3, Duration.ofSeconds(20), 64 << 10))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(new RawClient(tiny.server.uri()));
                clients.getLast()
                        .say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .upTo("\"ok\"}");
            }
            try (RawClient fourth = new RawClient(tiny.server.uri())) {
                assertThat(fourth.rest()).isEmpty();
            }
            clients.getFirst().close();
            String said = "";
            while (said.isEmpty()) { // until the server has seen that one is gone
                try (RawClient next = new RawClient(tiny.server.uri())) {
                    said = next.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .upTo("\"ok\"}");
                } catch (IOException e) {
                    Thread.sleep(10);
                }
            }
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aServerThatStopsAnswersWhatIsUnderWayAndCutsWhatTakesTooLong() throws Exception {
        TinyServer tiny = oneSlot(1000);
        ObjectNode much = TinyServer.chat("Hello", 200, 1).put("n", 8).put("stream", true);
        List<RawClient> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(new RawClient(tiny.server.uri()));
            many.getLast().say(RawClient.post(CHAT, much.toString()));
        }
        tiny.await(ROWS, 1);
        long begin = System.nanoTime();
        tiny.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        int whole = 0;
        int cut = 0;
        for (RawClient client : many) {
            String said = client.rest();
            whole += said.contains("[DONE]") ? 1 : 0;
            cut += said.contains("\"code\":\"stopping\"") ? 1 : 0;
            client.close();
        }
        assertThat(whole + cut).isEqualTo(40);
    }

    /** Bytes that are no HTTP, or hardly: the server refuses or drops them, and goes on serving. */
    @Test
    void noBytesStopTheServer() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String request = RawClient.post(CHAT, TinyServer.chat("Hi", 2, 1).toString(), "Connection: close");
        try (TinyServer tiny =
                new TinyServer(folder, TinyServer.BATCHING, limits(100, Duration.ofMillis(200), 64 << 10))) {
            for (int round = 0; round < 100; round++) {
                StringBuilder mutated = new StringBuilder(request);
                for (int change = 0; change < 3; change++) {
                    int at = random.nextInt(mutated.length());
                    switch (random.nextInt(3)) {
                        case 0 -> mutated.deleteCharAt(at);
                        case 1 -> mutated.insert(at, (char) random.nextInt(128));
                        default ->
                            mutated.insert(
                                    at,
                                    List.of("\r\n", "Transfer-Encoding: chunked\r\n", " ", "\0", ":")
                                            .get(random.nextInt(5)));
                    }
                }
                try (RawClient client = new RawClient(tiny.server.uri())) {
                    String reply = client.say(mutated.toString()).rest();
                    assertThat(reply)
                            .as("seed %d, round %d: %s", seed, round, mutated)
                            .doesNotContain("HTTP/1.1 5");
                } catch (SocketException e) {
                    // dropped while it spoke
                }
            }
            assertThat(tiny.ask(TinyServer.chat("Hi", 2, 1)).path("choices")).hasSize(1);
        }
    }
}
