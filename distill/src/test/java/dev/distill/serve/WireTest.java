package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said on connections: requests that are wrong, too large, too slow, or too many. */
@Timeout(60)
class WireTest {
    private static final String CHAT = "/v1/chat/completions";

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

    /** @param time for each thing that a client has to say */
    static WireLimits limits(int connections, Duration time) {
        return new WireLimits(
                connections,
                64 << 10,
                200_000,
                time,
                time,
                time,
                Duration.ofSeconds(20),
                64 << 10,
                Duration.ofSeconds(1));
    }

    @Test
    void whoSaysItsRequestTooSlowlyIsNotWaitedFor() throws Exception {
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, limits(100, Duration.ofSeconds(2)))) {
            try (RawClient head = new RawClient(tiny.server.uri());
                    RawClient body = new RawClient(tiny.server.uri());
                    RawClient silent = new RawClient(tiny.server.uri())) {
                head.say("GET /health HTTP/1.1\r\nHost: loc");
                body.say("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{");
                assertThat(head.rest()).startsWith("HTTP/1.1 408 ").contains("request_timeout", "\"error\":");
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
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n | 400 | bad_http",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n0\\r\\n\\r\\n | 501 | not_implemented",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nExpect: a miracle\\r\\nContent-Length: 2\\r\\n\\r\\n{} | 417 | expectation_failed",
                "POST /v1/completions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: -1\\r\\n\\r\\n | 400 | bad_http"
            })
    void whatIsNoRequestForThisServerIsToldSo(String said, int status, String code) throws Exception {
        try (RawClient client = new RawClient(common.server.uri())) {
            assertThat(client.say(said.replace("\\r\\n", "\r\n")).upTo("}}"))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\"code\":\"" + code + "\"", "\"error\":");
        }
    }

    /** Two requests for a server that goes by the length, one for a server that goes by the chunks: the connection ends after the refusal. */
    @Test
    void whatCouldBeReadAsTwoRequestsEndsTheConnection() throws Exception {
        try (RawClient client = new RawClient(common.server.uri())) {
            client.say("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").doesNotContain("\"ok\"");
        }
    }

    @Test
    void whoAsksForAHeadAloneGetsNoBody() throws Exception {
        String head = "HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawClient client = new RawClient(common.server.uri())) {
            client.say(head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            assertThat(client.rest()).startsWith("HTTP/1.1 405 ").doesNotContain("method_not_allowed");
        }
        try (RawClient client = new RawClient(common.server.uri())) { // the first one's answer has its body
            client.say(RawClient.post(CHAT, TinyServer.chat("Hi", 20, 1).toString()) + head);
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").contains("\"choices\"");
        }
    }

    /** A GET has no use for a body, and its connection may go on; nothing of the body is held then. */
    @Test
    void aBodyThatNobodyReadsIsGivenBack() throws Exception {
        try (TinyServer tiny = new TinyServer(folder);
                RawClient client = new RawClient(tiny.server.uri())) {
            for (int i = 0; i < 3; i++) {
                client.say("GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000\r\n\r\n"
                        + "x".repeat(40_000));
                assertThat(client.upTo("}")).startsWith("HTTP/1.1 200 ");
            }
            tiny.await("distill_serve_body_bytes", 0);
        }
    }

    /** What has come of bodies is bounded for all together, and for one client. */
    @Test
    void bodiesThatAreNotYetReadAreBoundedInSum() throws Exception {
        String head = "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 60000\r\n\r\n";
        try (TinyServer tiny = new TinyServer(folder)) {
            try (RawClient first = new RawClient(tiny.server.uri());
                    RawClient second = new RawClient(tiny.server.uri())) {
                first.say(head + "x".repeat(45_000));
                tiny.await("distill_serve_body_bytes", 45_000);
                second.say(head + "x".repeat(60_000));
                assertThat(second.upTo("}}").toLowerCase(Locale.ROOT))
                        .startsWith("http/1.1 429 ")
                        .contains("too much is being said to this server", "retry-after");
            }
            tiny.await("distill_serve_body_bytes", 0);
            assertThat(tiny.ask(TinyServer.chat("Hi", 2, 1)).path("choices")).hasSize(1);
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

    /** Bytes that are no HTTP, or hardly: the server refuses or drops them, and goes on serving. */
    @Test
    void noBytesStopTheServer() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String request = RawClient.post(CHAT, TinyServer.chat("Hi", 2, 1).toString(), "Connection: close");
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, limits(100, Duration.ofMillis(600)))) {
            for (int round = 0; round < 60; round++) {
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
                            .doesNotContain("HTTP/1.1 500", "HTTP/1.1 503");
                } catch (SocketException e) {
                    // dropped while it spoke
                }
            }
            assertThat(tiny.ask(TinyServer.chat("Hi", 2, 1)).path("choices")).hasSize(1);
        }
    }
}
