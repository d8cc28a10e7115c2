package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.ApiKey;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in. */
@Timeout(60)
class AccessTest {
    private static final String KEY = "a-key-of-some-length";

    @TempDir
    Path folder;

    private static String code(HttpResponse<String> reply) throws IOException {
        JsonNode error = TinyServer.JSON.readTree(reply.body()).path("error");
        return reply.statusCode() + " " + error.path("code").asText();
    }

    @Test
    void everyRouteButHealthNeedsTheKeyWhereThereIsOne() throws Exception {
        try (TinyServer tiny =
                new TinyServer(folder, TinyServer.BATCHING, TinyServer.LIMITS, KEY, "a-second-one-1234")) {
            assertThat(tiny.get("/health").statusCode()).isEqualTo(200);
            for (String path : List.of("/", "/metrics", "/v1/models", "/v1/models/tiny", "/nowhere", "/healthy")) {
                assertThat(code(tiny.get(path))).as(path).isEqualTo("401 invalid_api_key");
            }
            assertThat(code(tiny.post("/v1/chat/completions", TinyServer.chat("Hi", 3, 1))))
                    .isEqualTo("401 invalid_api_key");
            for (String wrong : List.of("", "Bearer", "Bearer ", "Bearer x", "Bearer " + KEY + "x", KEY, "Basic !")) {
                assertThat(code(tiny.get("/v1/models", "Authorization", wrong)))
                        .as(wrong)
                        .isEqualTo("401 invalid_api_key");
            }
            assertThat(tiny.get("/v1/models", "Authorization", "Bearer " + KEY).statusCode())
                    .isEqualTo(200);
            assertThat(tiny.get("/v1/models", "authorization", "bearer a-second-one-1234")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(tiny.get("/v1/models", "X-Api-Key", KEY).statusCode()).isEqualTo(200);
            String browser = Base64.getEncoder().encodeToString(("me:" + KEY).getBytes(StandardCharsets.UTF_8));
            assertThat(tiny.get("/", "Authorization", "Basic " + browser).statusCode())
                    .isEqualTo(200);
            assertThat(tiny.get("/").headers().firstValue("www-authenticate")).hasValue("Basic realm=\"distill\"");
            assertThat(tiny.post("/v1/chat/completions", TinyServer.chat("Hi", 3, 1), "Authorization", "Bearer " + KEY)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void withoutAKeyItIsForItsOwnMachineByItsOwnNames() throws Exception {
        try (TinyServer tiny = new TinyServer(folder)) {
            for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "")) {
                try (RawClient client = new RawClient(tiny.server.uri())) {
                    assertThat(client.say("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                                    .upTo("}}"))
                            .as(host)
                            .startsWith("HTTP/1.1 421 ")
                            .contains("misdirected_request");
                }
            }
            for (String host :
                    List.of("localhost:" + tiny.server.uri().getPort(), "LocalHost", "[::1]", "127.0.0.1:1")) {
                try (RawClient client = new RawClient(tiny.server.uri())) {
                    assertThat(client.say("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                                    .upTo("}]}"))
                            .as(host)
                            .startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    /** By whatever name of this machine it was told to listen at. */
    @Test
    void theNameThatItListensAtIsOneOfItsOwn() throws Exception {
        for (String host : List.of("127.0.0.2", "LOCALHOST")) {
            Listening where = new Listening(host, 0, List.of());
            try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, TinyServer.LIMITS, where)) {
                assertThat(tiny.get("/v1/models").statusCode()).as(host).isEqualTo(200);
            }
        }
        assertThat(new Listening("::1", 0, List.of()).names()).contains("[::1]", "[0:0:0:0:0:0:0:1]");
    }

    /** Of addresses in IPv6 everybody has 2^64: they are one client. */
    @Test
    void aClientIsItsKeyOrItsAddressOrItsNetwork() throws Exception {
        assertThat(Access.address(new InetSocketAddress("192.0.2.7", 1))).isEqualTo("192.0.2.7");
        String one = Access.address(new InetSocketAddress("2001:db8:1:2:3:4:5:6", 1));
        assertThat(Access.address(new InetSocketAddress("2001:db8:1:2:ffff::1", 2)))
                .isEqualTo(one);
        assertThat(Access.address(new InetSocketAddress("2001:db8:1:3:3:4:5:6", 1)))
                .isNotEqualTo(one);
        HttpHeaders headers = new DefaultHttpHeaders().set("X-Api-Key", KEY);
        InetSocketAddress from = new InetSocketAddress("192.0.2.7", 1);
        ApiKey first = ApiKey.of("another-key-0123");
        assertThat(new Access(List.of(ApiKey.of(KEY)), Set.of()).client(headers, from, false))
                .isEqualTo("192.0.2.7");
        assertThat(new Access(List.of(first, ApiKey.of(KEY)), Set.of()).client(headers, from, false))
                .isEqualTo("key 1");
    }

    /** Without its key a client may ask how the server is, and then has no more time than for its first words. */
    @Test
    void aConnectionEndsWithARefusalForWantOfAKey() throws Exception {
        try (TinyServer tiny = new TinyServer(folder, TinyServer.BATCHING, TinyServer.LIMITS, KEY);
                RawClient client = new RawClient(tiny.server.uri())) {
            client.say("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void noOtherSiteIsToldAnything() throws Exception {
        try (TinyServer tiny = new TinyServer(folder)) {
            HttpResponse<String> reply = tiny.get("/v1/models", "Origin", "https://evil.example");
            assertThat(reply.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
            assertThat(reply.headers().firstValue("cross-origin-resource-policy"))
                    .hasValue("same-origin");
            try (RawClient client = new RawClient(tiny.server.uri())) { // what a form of another site can send
                assertThat(client.say("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                                        + " text/plain\r\nContent-Length: 2\r\n\r\n{}")
                                .upTo("}}"))
                        .startsWith("HTTP/1.1 415 ");
            }
        }
    }

    @Test
    void otherMachinesNeedAKey() {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
            assertThatThrownBy(() -> new Listening(host, 0, List.of()))
                    .hasMessageStartingWith("--host " + host + " lets other machines in, which needs a key");
            assertThat(new Listening(host, 0, List.of(ApiKey.of(KEY))).keys()).hasSize(1);
        }
        assertThat(new Listening("::1", 0, List.of()).keys()).isEmpty();
        assertThatThrownBy(() -> new Listening("no.such.host.invalid", 0, List.of()))
                .hasMessage("--host no.such.host.invalid: there is no such address");
    }
}
