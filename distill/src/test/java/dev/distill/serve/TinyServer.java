package dev.distill.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/** A server of a tiny model that reasons, on a port of its own, and a client for it. */
final class TinyServer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Batching BATCHING = new Batching(4, 400, 0, 200, 8, 64 << 20);
    static final WireLimits LIMITS = new WireLimits(
            100,
            64 << 10,
            200_000,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            64 << 10,
            Duration.ofSeconds(1));

    final Ops ops = new CpuOps(2);
    final Student student;
    final Server server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TinyServer(Path folder, Batching batching, WireLimits limits, String... keys) throws IOException {
        this(
                folder,
                batching,
                limits,
                new Listening(
                        "127.0.0.1", 0, List.of(keys).stream().map(ApiKey::of).toList()));
    }

    TinyServer(Path folder, Batching batching, WireLimits limits, Listening where) throws IOException {
        student = Student.open(TinyStudent.writeReasoning(folder.resolve("tiny"), 5), null, ops);
        server = Server.start(List.of(new ServedModel("tiny", student)), batching, where, limits);
    }

    TinyServer(Path folder) throws IOException {
        this(folder, BATCHING, LIMITS);
    }

    URI uri(String path) {
        return URI.create(server.uri() + path);
    }

    /** A chat's request. */
    static ObjectNode chat(String question, int maxTokens, long seed) {
        ObjectNode body = JSON.createObjectNode()
                .put("model", "tiny")
                .put("max_tokens", maxTokens)
                .put("seed", seed)
                .put("temperature", 1.0);
        body.putArray("messages").addObject().put("role", "user").put("content", question);
        return body;
    }

    static ObjectNode completion(String prompt, int maxTokens) {
        return JSON.createObjectNode()
                .put("prompt", prompt)
                .put("max_tokens", maxTokens)
                .put("temperature", 0);
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    HttpResponse<String> post(String path, JsonNode body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    /** The reply to a chat, whole. */
    JsonNode ask(ObjectNode body) throws IOException, InterruptedException {
        HttpResponse<String> reply = post("/v1/chat/completions", body);
        if (reply.statusCode() != 200) {
            throw new AssertionError(reply.body());
        }
        return JSON.readTree(reply.body());
    }

    /** The events of a reply that is streamed, the last of them {@code [DONE]}. */
    List<String> stream(String path, ObjectNode body) throws IOException, InterruptedException {
        return events(post(path, body.put("stream", true)).body());
    }

    static List<String> events(String body) {
        List<String> events = new ArrayList<>();
        for (String event : body.split("\n\n")) {
            if (event.startsWith("data: ")) {
                events.add(event.substring(6));
            }
        }
        return events;
    }

    /** A figure of {@code /metrics}, 0 where there is none yet. */
    double metric(String line) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(each -> each.startsWith(line + " "))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** Waits until a figure is what is expected, or fails. */
    void await(String line, double expected) throws IOException, InterruptedException {
        await(line, figure -> figure == expected);
    }

    void await(String line, DoublePredicate expected) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!expected.test(metric(line))) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        line + " is not what is waited for; " + get("/metrics").body());
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
        student.close();
        ops.close();
    }
}
