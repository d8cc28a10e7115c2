package dev.distill.teacher.wire;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Outcome.CutStream;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.Scoring;
import dev.distill.teacher.ScoringRequest;
import dev.distill.teacher.dialect.ErrorReader;
import dev.distill.teacher.dialect.ScoringForm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that scores given texts, asked once and without streaming. It is silent while it reads and then says all, so that one time-out, of the
 * whole, does for both. HTTP/1.1 and no redirects, as {@link HttpTeacher}.
 */
public final class HttpScorer implements AutoCloseable {
    private final URI completions;
    private final String model;
    private final ApiKey key;
    private final Patience patience;
    private final ErrorReader errors;
    private final HttpClient client;

    /** @param base of the API, for example {@code http://127.0.0.1:8000/v1}; {@code /completions} is added */
    public HttpScorer(URI base, String model, ApiKey key, Patience patience) {
        String url = base.toString();
        this.completions = URI.create((url.endsWith("/") ? url : url + "/") + "completions");
        this.model = model;
        this.key = key;
        this.patience = patience;
        this.errors = new ErrorReader(key);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /** Asks in this form. Never throws for what a server or a network did. */
    public Scoring ask(ScoringForm form, ScoringRequest request) {
        CompletableFuture<HttpResponse<byte[]>> reply = new CompletableFuture<>();
        Thread sender = Thread.ofVirtual().name("scorer send").start(() -> send(form, request, reply));
        try {
            return read(form, request, reply.get(patience.total().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            sender.interrupt(); // the client closes the connection
            return failed(
                    Cut.DEADLINE, "not finished within " + patience.total().toSeconds() + " s");
        } catch (InterruptedException e) {
            sender.interrupt();
            Thread.currentThread().interrupt();
            return failed(Cut.CANCELLED, "interrupted");
        } catch (ExecutionException e) {
            String detail = errors.forPeople(String.valueOf(e.getCause()));
            return new Scoring.Failed(new Outcome.Unreachable(detail));
        }
    }

    private void send(ScoringForm form, ScoringRequest request, CompletableFuture<HttpResponse<byte[]>> reply) {
        HttpRequest.Builder http = HttpRequest.newBuilder(completions)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "distill")
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body(model, request)));
        if (key.isPresent()) {
            http.header("Authorization", key.authorization());
        }
        try {
            reply.complete(client.send(
                    http.build(),
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofByteArray(), patience.longestBody())));
        } catch (IOException | InterruptedException | RuntimeException e) { // told as this exchange's outcome
            reply.completeExceptionally(e);
        }
    }

    private Scoring read(ScoringForm form, ScoringRequest request, HttpResponse<byte[]> reply) {
        String text = new String(reply.body(), StandardCharsets.UTF_8);
        if (reply.statusCode() != 200) {
            RetryAdvice advice = RetryAdvice.of(name -> reply.headers().firstValue(name), Instant.now());
            return new Scoring.Failed(errors.classify(reply.statusCode(), text, advice));
        }
        try {
            Optional<ScoredText> scored = form.read(text, request);
            return scored.isPresent()
                    ? new Scoring.Scored(scored.get())
                    : new Scoring.Failed(new Outcome.BadRequest(
                            200,
                            "the reply has no log-probabilities of the text that was given, only of what was written",
                            RetryAdvice.NONE));
        } catch (IllegalArgumentException e) {
            return failed(Cut.MALFORMED, errors.forPeople(String.valueOf(e.getMessage())));
        }
    }

    private static Scoring failed(Cut why, String detail) {
        return new Scoring.Failed(new CutStream(why, detail));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
