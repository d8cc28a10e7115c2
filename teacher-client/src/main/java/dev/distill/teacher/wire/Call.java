package dev.distill.teacher.wire;

import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Outcome.CutStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One exchange: the thread that runs it waits inside the JDK's client, and is interrupted there when somebody else has looked at
 * the clock ({@link #watch}). The JDK's request time-out ends with the headers; this one runs to the last byte.
 *
 * <p>The client's {@code sendAsync} would need no thread to wait, but completes its future on the common pool: whoever blocks that
 * pool anywhere in the program (on two processors it has one thread) would hold up every reply.
 */
final class Call {
    private final Patience patience;
    private final ReplyBody body;
    private final Sending sending;
    private final long start = System.nanoTime();

    /** The thread that waits; null before and afterwards. */
    private @Nullable Thread sender;

    private @Nullable CutStream cut;

    Call(ReplyBody body, Sending sending, Patience patience) {
        this.patience = patience;
        this.body = body;
        this.sending = sending;
    }

    /** An interrupt of the calling thread ends the exchange, and stays set. */
    Exchange run(HttpClient client, HttpRequest request) {
        CutStream cutBefore = begin();
        if (cutBefore != null) {
            return exchange(body.cut(cutBefore));
        }
        Throwable failure = null;
        try {
            client.send(request, body);
        } catch (Throwable e) { // whatever the client throws ends this exchange, and is told as its outcome
            failure = e;
        }
        CutStream cutSince = end();
        if (failure == null) {
            return exchange(body.end());
        }
        if (cutSince != null) {
            return exchange(body.cut(cutSince));
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return exchange(body.cut(new CutStream(Cut.CANCELLED, "interrupted")));
        }
        return exchange(body.fail(failure));
    }

    private synchronized @Nullable CutStream begin() {
        sender = Thread.currentThread();
        return cut;
    }

    /** From here on nobody interrupts this thread because of this exchange. */
    private synchronized @Nullable CutStream end() {
        sender = null;
        if (cut != null) {
            Thread.interrupted(); // ours, if the client has not taken it
        }
        return cut;
    }

    /** Ends the exchange if nothing that counts has come for too long, or if it takes too long. */
    void watch(long now) {
        long idle = patience.idle().toNanos();
        if (now - body.lastSignAt() >= idle) {
            String what = now - body.lastByteAt() >= idle ? "no byte for " : "nothing but keep-alives for ";
            cut(Cut.IDLE, what + words(patience.idle()));
        } else if (now - start >= patience.total().toNanos()) {
            cut(Cut.DEADLINE, "not finished within " + words(patience.total()));
        }
    }

    /** Ends this exchange from outside. */
    void cancel() {
        cut(Cut.CANCELLED, "");
    }

    private synchronized void cut(Cut why, String detail) {
        if (cut == null) {
            cut = new CutStream(why, detail);
            if (sender != null) {
                sender.interrupt(); // the client closes the connection
            }
        }
    }

    private Exchange exchange(Outcome outcome) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Exchange(outcome, body.received(), took, sending.isFree(body.status()));
    }

    private static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
