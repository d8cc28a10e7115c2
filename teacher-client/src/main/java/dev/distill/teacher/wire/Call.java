package dev.distill.teacher.wire;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Outcome.CutStream;
import dev.distill.teacher.dialect.ErrorReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange: a thread of its own sends and waits inside the JDK's client, while this one watches the clock. The JDK's request
 * time-out ends with the headers; this one runs to the last byte.
 *
 * <p>The client's {@code sendAsync} would save that thread, but completes its future on the common pool: whoever blocks that pool
 * anywhere in the program (on two processors it has one thread) would hold up every reply.
 */
final class Call {
    private final Patience patience;
    private final ReplyBody body;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final long start = System.nanoTime();

    /** @param begun hears the reply's first event */
    Call(ApiKey key, ErrorReader errors, Patience patience, Runnable begun) {
        this.patience = patience;
        this.body = new ReplyBody(key, errors, patience.longestBody(), begun);
    }

    Exchange run(HttpClient client, HttpRequest request) {
        Thread sender = Thread.ofVirtual().name("teacher send").start(() -> send(client, request));
        try {
            while (true) {
                long now = System.nanoTime();
                long idleLeft = body.lastByteAt() + patience.idle().toNanos() - now;
                long totalLeft = start + patience.total().toNanos() - now;
                if (idleLeft <= 0) {
                    return cut(sender, Cut.IDLE, "no byte for " + words(patience.idle()));
                }
                if (totalLeft <= 0) {
                    return cut(sender, Cut.DEADLINE, "not finished within " + words(patience.total()));
                }
                try {
                    done.get(Math.min(idleLeft, totalLeft), TimeUnit.NANOSECONDS);
                    return exchange(body.end());
                } catch (TimeoutException e) {
                    // look at the clock again: bytes may have come
                }
            }
        } catch (CancellationException e) {
            return cut(sender, Cut.CANCELLED, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return cut(sender, Cut.CANCELLED, "interrupted");
        } catch (ExecutionException e) {
            return exchange(body.fail(e.getCause() == null ? e : e.getCause()));
        }
    }

    private void send(HttpClient client, HttpRequest request) {
        try {
            client.send(request, body);
            done.complete(null);
        } catch (Throwable e) { // whatever the client throws ends this exchange, and is told as its outcome
            done.completeExceptionally(e);
        }
    }

    /** Ends this call from outside. */
    void cancel() {
        done.cancel(false);
    }

    private Exchange cut(Thread sender, Cut why, String detail) {
        Outcome outcome = body.cut(new CutStream(why, detail));
        sender.interrupt(); // the client closes the connection
        return exchange(outcome);
    }

    private Exchange exchange(Outcome outcome) {
        return new Exchange(outcome, body.received(), Duration.ofNanos(System.nanoTime() - start));
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
