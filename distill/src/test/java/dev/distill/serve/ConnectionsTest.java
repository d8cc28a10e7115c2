package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One request after the other on a connection, and as many connections as there may be. */
@Timeout(60)
class ConnectionsTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private static Path folder;

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

    /** A second request has come behind the first one, and is not looked at; that the client goes is seen all the same. */
    @Test
    void whoGoesAwayAfterASecondRequestFreesItsRows() throws Exception {
        String asked = RawClient.post(
                CHAT, TinyServer.chat("Hello", 200, 1).put("n", 64).toString());
        Batching oneSlot = new Batching(1, 1000, 0, 200, 64, 64 << 20);
        try (TinyServer tiny = new TinyServer(folder, oneSlot, TinyServer.LIMITS)) {
            RawClient client = new RawClient(tiny.server.uri());
            client.say(asked + asked + "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            tiny.await("distill_serve_rows{model=\"tiny\"}", 1);
            client.close();
            tiny.await("distill_serve_requests_total{outcome=\"cancelled\"}", 1);
            assertThat(tiny.metric("distill_serve_requests_total{outcome=\"answered\"}"))
                    .isZero();
        }
    }

    @Test
    void moreConnectionsThanThereMayBeAreToldSo() throws Exception {
        try (TinyServer tiny =
                new TinyServer(folder, TinyServer.BATCHING, WireTest.limits(3, Duration.ofSeconds(20)))) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(new RawClient(tiny.server.uri()));
                clients.getLast()
                        .say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .upTo("\"ok\"}");
            }
            try (RawClient fourth = new RawClient(tiny.server.uri())) {
                assertThat(fourth.rest()).startsWith("HTTP/1.1 503 ").contains("too_many_connections", "\"error\":");
            }
            clients.getFirst().close();
            String said = "";
            while (!said.startsWith("HTTP/1.1 200 ")) { // until the server has seen that one is gone
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

    /** An answer that comes after its client has gone sets no clock, which would keep all of the connection for a minute. */
    @Test
    void aConnectionThatIsGoneWaitsForNothing() throws Exception {
        Gate gate = new Gate(new Access(List.of(), Set.of("localhost")), 1000);
        WireLimits limits = WireTest.limits(1, Duration.ofSeconds(75));
        Connection connection =
                new Connection(new Wire(), gate, limits, new BodyShare(new Shares(1000)), new Metrics());
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        DefaultHttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/health");
        request.headers().set("Host", "localhost");
        channel.writeInbound(request, LastHttpContent.EMPTY_LAST_CONTENT);
        ChannelHandlerContext context = channel.pipeline().context(connection);
        channel.close();
        connection.write(context, Replies.whole(200, Replies.JSON, new byte[0]), channel.newPromise());
        channel.runPendingTasks();
        assertThat(channel.runScheduledPendingTasks())
                .as("nothing is scheduled")
                .isEqualTo(-1);
    }
}
