package dev.distill.teacher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.DialectFacts;
import dev.distill.teacher.dialect.ErrorReader;
import dev.distill.teacher.wire.Endpoint;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a provider's batch API, each made once: whether to make it again is the caller's decision. None throws for what a
 * server or a network did. HTTP/1.1 and no redirects, as for single requests.
 */
public final class BatchApi implements AutoCloseable {
    /** What each request of a batch goes to, by the provider's own words. */
    static final String COMPLETIONS = "/v1/chat/completions";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 100;

    /** Bytes of an answer that is no file: a page of a hundred batches takes a hundred thousand. */
    private static final int LONGEST_JSON = 16 << 20;

    private final String base;
    private final ApiKey key;
    private final Patience patience;
    private final ErrorReader errors;
    private final Dialect dialect;
    private final HttpClient client;

    public BatchApi(Endpoint endpoint, ApiKey key, Patience patience) {
        String url = endpoint.url().toString();
        this.base = url.endsWith("/") ? url : url + "/";
        this.key = key;
        this.patience = patience;
        this.errors = new ErrorReader(key);
        this.dialect = endpoint.dialect();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /** Sends a file of requests up; its id. */
    public Answered<String> upload(BatchFile file, String name) {
        String mark = "distill-" + name;
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(
                        "--" + mark + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                                + mark + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                                + ".jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n"),
                BodyPublishers.ofByteArray(file.bytes()),
                BodyPublishers.ofString("\r\n--" + mark + "--\r\n"));
        HttpRequest.Builder request = at("files")
                .header("Content-Type", "multipart/form-data; boundary=" + mark)
                .POST(body);
        return json(request, reply -> key.redact(reply.path("id").asText("")));
    }

    /** Makes a batch of a file that is there. @param name ours, by which it can be found again */
    public Answered<Batch> create(String file, String name) {
        ObjectNode body = JSON.createObjectNode()
                .put("input_file_id", file)
                .put("endpoint", COMPLETIONS)
                .put("completion_window", "24h");
        body.putObject("metadata").put(Batch.NAME, name);
        HttpRequest.Builder request =
                at("batches").header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString()));
        return json(request, this::batch);
    }

    private Batch batch(JsonNode json) {
        return Batch.of(json, errors::forPeople);
    }

    /** How a batch stands. */
    public Answered<Batch> get(String id) {
        return json(at("batches/" + encoded(id)).GET(), this::batch);
    }

    /** Asks for a batch to be broken off; what is done of it by then stays. */
    public Answered<Batch> cancel(String id) {
        return json(at("batches/" + encoded(id) + "/cancel").POST(BodyPublishers.noBody()), this::batch);
    }

    /**
     * Looks for the batch of this name among those of the account, the youngest first.
     *
     * @param since older ones are not looked at
     */
    public Answered<Optional<Batch>> find(String name, Instant since) {
        String after = "";
        while (true) {
            String page = "batches?limit=" + PAGE + (after.isEmpty() ? "" : "&after=" + encoded(after));
            switch (json(at(page).GET(), reply -> reply)) {
                case Answered.Failed<JsonNode>(Outcome outcome) -> {
                    return new Answered.Failed<>(outcome);
                }
                case Answered.Got<JsonNode>(JsonNode reply) -> {
                    Batch last = null;
                    for (JsonNode each : reply.path("data")) {
                        last = batch(each);
                        if (last.name().equals(name)) {
                            return new Answered.Got<>(Optional.of(last));
                        }
                    }
                    if (last == null
                            || last.createdAt().isBefore(since)
                            || !reply.path("has_more").asBoolean()) {
                        return new Answered.Got<>(Optional.empty());
                    }
                    after = last.id();
                }
            }
        }
    }

    /**
     * Brings a file down, to a place on the disk first, and reads its lines.
     *
     * @param target is written, read and deleted
     * @param lines that it may have; it is not longer than as many replies may be
     * @return the number of lines
     */
    public Answered<Integer> read(String file, int lines, Path target, Consumer<BatchLine> sink) throws IOException {
        HttpRequest.Builder request = at("files/" + encoded(file) + "/content").GET();
        HttpResponse.BodyHandler<Path> toDisk = HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofFile(target), lines * patience.longestBody());
        Answered<Path> fetched = send(request, toDisk, (status, path) -> {
            try {
                return status == 200 ? "" : head(path);
            } catch (IOException e) {
                return "";
            }
        });
        try {
            return switch (fetched) {
                case Answered.Failed<Path>(Outcome outcome) -> new Answered.Failed<>(outcome);
                case Answered.Got<Path>(Path path) -> new Answered.Got<>(lines(path, sink));
            };
        } finally {
            Files.deleteIfExists(target);
        }
    }

    /** As much of an error as anybody wants to read. */
    private static String head(Path file) throws IOException {
        try (LongLines in = new LongLines(file, LONGEST_JSON)) {
            String line = in.next();
            return line == null ? "" : line;
        }
    }

    private int lines(Path file, Consumer<BatchLine> sink) throws IOException {
        int lines = 0;
        int longest = (int) Math.min(Integer.MAX_VALUE - 8, patience.longestBody());
        try (LongLines in = new LongLines(file, longest)) {
            for (String line = in.next(); line != null; line = in.next()) {
                Optional<BatchLine> read = BatchLine.read(line, dialect, errors);
                read.ifPresent(sink);
                lines += read.isPresent() ? 1 : 0;
            }
        }
        return lines;
    }

    private HttpRequest.Builder at(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", "application/json")
                .header("User-Agent", "distill");
        DialectFacts.Access access = dialect.facts().access();
        access.headers().forEach(request::header);
        if (key.isPresent()) {
            request.header(access.keyHeader(), key.signed(access.keyPrefix()));
        }
        return request;
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    /** What the body says that came with a status. */
    private interface Words<B> {
        String of(int status, B body);
    }

    private <T> Answered<T> json(HttpRequest.Builder request, Function<JsonNode, T> reading) {
        HttpResponse.BodyHandler<String> whole = HttpResponse.BodyHandlers.limiting(
                info -> HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8), LONGEST_JSON);
        Answered<String> text = send(request, whole, (status, body) -> body);
        return switch (text) {
            case Answered.Failed<String>(Outcome outcome) -> new Answered.Failed<>(outcome);
            case Answered.Got<String>(String body) -> read(body, reading);
        };
    }

    private <T> Answered<T> read(String body, Function<JsonNode, T> reading) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject() && (json.hasNonNull("id") || json.has("data"))) {
                return new Answered.Got<>(reading.apply(json));
            }
        } catch (JsonProcessingException e) {
            // told as what it is: not the API that was looked for
        }
        return new Answered.Failed<>(new Outcome.NotFound(
                200, errors.forPeople("is this the address of a batch API? it answers with " + body)));
    }

    private <B> Answered<B> send(HttpRequest.Builder request, HttpResponse.BodyHandler<B> handler, Words<B> words) {
        CompletableFuture<HttpResponse<B>> reply = new CompletableFuture<>();
        Thread sender = Thread.ofVirtual().name("batch send").start(() -> {
            try {
                reply.complete(client.send(request.build(), handler));
            } catch (IOException | InterruptedException | RuntimeException e) { // told as this call's outcome
                reply.completeExceptionally(e);
            }
        });
        try {
            HttpResponse<B> got = reply.get(patience.total().toNanos(), TimeUnit.NANOSECONDS);
            if (got.statusCode() == 200) {
                return new Answered.Got<>(got.body());
            }
            RetryAdvice advice = RetryAdvice.of(name -> got.headers().firstValue(name), Instant.now());
            return new Answered.Failed<>(
                    errors.classify(got.statusCode(), words.of(got.statusCode(), got.body()), advice));
        } catch (TimeoutException e) {
            sender.interrupt(); // the client closes the connection
            return failed(
                    Outcome.Cut.DEADLINE,
                    "not finished within " + patience.total().toSeconds() + " s");
        } catch (InterruptedException e) {
            sender.interrupt();
            Thread.currentThread().interrupt();
            return failed(Outcome.Cut.CANCELLED, "interrupted");
        } catch (ExecutionException e) {
            @Nullable Throwable cause = e.getCause();
            return new Answered.Failed<>(new Outcome.Unreachable(errors.forPeople(String.valueOf(cause))));
        }
    }

    private static <T> Answered<T> failed(Outcome.Cut why, String detail) {
        return new Answered.Failed<>(new Outcome.CutStream(why, detail));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
