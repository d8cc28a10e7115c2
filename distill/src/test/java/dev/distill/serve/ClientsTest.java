package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that go away, do not read, or are greedy. */
@Timeout(60)
class ClientsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String ROWS = "distill_serve_rows{model=\"tiny\"}";
    private static final String QUEUED = "distill_serve_queued_rows";
    private static final String CANCELLED = "distill_serve_requests_total{outcome=\"cancelled\"}";

    @TempDir
    private static Path folder;

    /** A request that is under way for long: it has many tokens to write, one at a time. */
    private static String endless(boolean stream, int n) {
        ObjectNode body = TinyServer.chat("Hello", 200, 1)
                .put("n", n)
                .put("stream", stream)
                .put("logprobs", true);
        return RawClient.post(CHAT, body.toString());
    }

    private TinyServer oneSlot(int queue) throws IOException {
        return new TinyServer(folder, new Batching(1, queue, 0, 200, 64, 64 << 20), TinyServer.LIMITS);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whoGoesAwayFreesItsRows(boolean stream) throws Exception {
        try (TinyServer tiny = oneSlot(1000)) {
            for (int i = 0; i < 5; i++) {
                RawClient client = new RawClient(tiny.server.uri());
                client.say(endless(stream, 64));
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

    /** That it has gone is seen while the others are being answered, and nothing is written for it. */
    @Test
    void whoGoesAwayWhileItWaitsLeavesTheQueue() throws Exception {
        try (TinyServer tiny = oneSlot(1000)) {
            List<FutureTask<String>> running = hold(tiny, 4);
            RawClient waiting = new RawClient(tiny.server.uri());
            waiting.say(RawClient.post(CHAT, TinyServer.chat("Count", 200, 1).toString()));
            waiting.close();
            tiny.await(CANCELLED, 1);
            assertThat(running).as("it does not wait for these").anyMatch(one -> !one.isDone());
            long written = 0;
            for (FutureTask<String> one : running) {
                written += TinyServer.JSON
                        .readTree(one.get())
                        .path("usage")
                        .path("completion_tokens")
                        .asLong();
            }
            tiny.await(ROWS, 0);
            assertThat(tiny.metric(QUEUED)).isZero();
            assertThat(tiny.metric("distill_serve_new_tokens_total")).isEqualTo(written);
        }
    }

    /** Requests that take their time, from clients who wait. */
    private static List<FutureTask<String>> hold(TinyServer tiny, int count) throws Exception {
        List<FutureTask<String>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode body = TinyServer.chat("Hello", 200, i).put("n", 32);
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
                clients.getLast().say(endless(true, 8));
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
}
