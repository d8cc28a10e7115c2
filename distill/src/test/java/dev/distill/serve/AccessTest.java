package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
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
            for (String host : List.of("localhost:" + tiny.server.uri().getPort(), "[::1]", "127.0.0.1:1")) {
                try (RawClient client = new RawClient(tiny.server.uri())) {
                    assertThat(client.say("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                                    .upTo("}]}"))
                            .as(host)
                            .startsWith("HTTP/1.1 200 ");
                }
            }
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
