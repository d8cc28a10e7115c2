package dev.distill.teacher.wire;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Outcome.CutStream;
import dev.distill.teacher.dialect.ErrorReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange: sends, then watches the clock while the client's threads fill the {@link ReplyBody}. The JDK's request
 * time-out ends with the headers; this one runs to the last byte.
 */
final class Call {
    private final ErrorReader errors;
    private final Patience patience;
    private final ReplyBody body;
    private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();
    private final long start = System.nanoTime();

    Call(ApiKey key, ErrorReader errors, Patience patience) {
        this.errors = errors;
        this.patience = patience;
        this.body = new ReplyBody(key, errors, patience.longestBody());
    }

    Exchange run(HttpClient client, HttpRequest request) {
        CompletableFuture<HttpResponse<@Nullable Void>> reply;
        try {
            reply = client.sendAsync(request, body);
        } catch (RuntimeException e) { // the client is shut down, or refuses the request
            return exchange(new Outcome.Unreachable(errors.forPeople(String.valueOf(e))));
        }
        CompletableFuture<Object> either = CompletableFuture.anyOf(reply, cancelled);
        try {
            while (true) {
                long now = System.nanoTime();
                long idleLeft = body.lastByteAt() + patience.idle().toNanos() - now;
                long totalLeft = start + patience.total().toNanos() - now;
                if (idleLeft <= 0) {
                    return cut(reply, Cut.IDLE, "no byte for " + words(patience.idle()));
                }
                if (totalLeft <= 0) {
                    return cut(reply, Cut.DEADLINE, "not finished within " + words(patience.total()));
                }
                try {
                    either.get(Math.min(idleLeft, totalLeft), TimeUnit.NANOSECONDS);
                    return exchange(body.end());
                } catch (TimeoutException e) {
                    // look at the clock again: bytes may have come
                }
            }
        } catch (CancellationException e) {
            return cut(reply, Cut.CANCELLED, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return cut(reply, Cut.CANCELLED, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException) {
                return cut(reply, Cut.CANCELLED, "");
            }
            return exchange(body.fail(e.getCause() == null ? e : e.getCause()));
        }
    }

    /** Ends this call from outside. */
    void cancel() {
        cancelled.cancel(false);
    }

    private Exchange cut(CompletableFuture<?> reply, Cut why, String detail) {
        Outcome outcome = body.cut(new CutStream(why, detail));
        reply.cancel(true); // closes the connection
        return exchange(outcome);
    }

    private Exchange exchange(Outcome outcome) {
        return new Exchange(outcome, body.received(), Duration.ofNanos(System.nanoTime() - start));
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
