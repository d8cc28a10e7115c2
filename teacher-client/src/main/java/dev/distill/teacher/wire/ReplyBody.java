package dev.distill.teacher.wire;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Outcome.CutStream;
import dev.distill.teacher.Received;
import dev.distill.teacher.Redaction;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.dialect.ErrorReader;
import dev.distill.teacher.dialect.ReplyReader;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Takes the status, the headers and the body of one reply as they arrive. Written by the client's threads, one at a time, and
 * ended by the thread that waits: hence the lock.
 */
final class ReplyBody implements HttpResponse.BodyHandler<@Nullable Void>, HttpResponse.BodySubscriber<@Nullable Void> {
    /** An error body beyond this is of no use to anybody. */
    private static final int LONGEST_ERROR = 1 << 16;

    private static final int LONGEST_EVENT = 16 << 20;

    /** A reply in one piece is held, and read, as a whole. */
    private static final long LONGEST_PIECE = 64 << 20;

    private final ApiKey key;
    private final ErrorReader errors;
    private final long longestBody;
    private final ReplyReader reader;
    private final SseParser parser;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private final CompletableFuture<@Nullable Void> complete = new CompletableFuture<>();

    private volatile long lastByteAt = System.nanoTime();
    private volatile long lastSignAt = lastByteAt;
    private HttpResponse.@Nullable ResponseInfo head;
    private boolean streamed;
    private long longest;
    private long bytes;
    private @Nullable Outcome ended;
    private @Nullable Runnable begun;
    private Flow.@Nullable Subscription subscription;

    /** @param begun hears the first event that is no keep-alive, once */
    ReplyBody(ApiKey key, ErrorReader errors, ReplyReader reader, long longestBody, Runnable begun) {
        this.key = key;
        this.errors = errors;
        this.longestBody = longestBody;
        this.begun = begun;
        this.reader = reader;
        this.parser = new SseParser((int) Math.min(LONGEST_EVENT, longestBody), event -> {
            if (!event.isKeepAlive()) {
                lastSignAt = System.nanoTime();
                begin();
            }
            reader.accept(event.name(), event.data());
        });
    }

    private void begin() {
        Runnable first = begun;
        if (first != null) {
            begun = null;
            first.run();
        }
    }

    /** When something last came from the server, by {@link System#nanoTime}. */
    long lastByteAt() {
        return lastByteAt;
    }

    /** The same, of what shows that the reply goes on: as long as it may be silent a keep-alive does, and afterwards it does not. */
    long lastSignAt() {
        return lastSignAt;
    }

    /** Of the reply; 0 where none has come. */
    synchronized int status() {
        return head == null ? 0 : head.statusCode();
    }

    @Override
    public synchronized HttpResponse.BodySubscriber<@Nullable Void> apply(HttpResponse.ResponseInfo info) {
        lastByteAt = System.nanoTime();
        lastSignAt = lastByteAt;
        head = info;
        String type = contentType(info);
        streamed = info.statusCode() == 200 && !type.startsWith("application/json") && !type.startsWith("text/html");
        longest = streamed ? longestBody : Math.min(longestBody, LONGEST_PIECE);
        return this;
    }

    private static String contentType(HttpResponse.ResponseInfo info) {
        return info.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    }

    @Override
    public CompletionStage<@Nullable Void> getBody() {
        return complete;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        synchronized (this) {
            subscription = given;
        }
        given.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        if (ended != null) {
            return;
        }
        lastByteAt = System.nanoTime();
        if (!streamed || reader.mayBeSilent()) {
            lastSignAt = lastByteAt;
        }
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
            if (bytes > longest) {
                stopAs(new CutStream(Cut.TOO_LARGE, "more than " + longest + " bytes"));
                return;
            }
            if (streamed) {
                feed(buffer);
            } else {
                keep(buffer);
            }
            if (ended != null) {
                return;
            }
        }
    }

    private void feed(ByteBuffer buffer) {
        try {
            parser.feed(buffer);
        } catch (EventTooLongException e) {
            stopAs(new CutStream(Cut.TOO_LARGE, String.valueOf(e.getMessage())));
        }
        if (reader.isOver() && !reader.isFinished()) {
            stop(reader.outcome()); // an error: what follows it is not waited for
        }
    }

    private void keep(ByteBuffer buffer) {
        boolean isReply = head != null && head.statusCode() == 200;
        int room = isReply ? Integer.MAX_VALUE - 16 : LONGEST_ERROR;
        byte[] some = new byte[Math.min(buffer.remaining(), room - whole.size())];
        buffer.get(some);
        whole.writeBytes(some);
        if (whole.size() == room) {
            stop(outcome()); // what an error has to say is said
        }
    }

    /** What had finished before it became too much is whole. */
    private void stopAs(CutStream why) {
        stop(streamed && reader.isFinished() ? reader.outcome() : why);
    }

    private void stop(Outcome outcome) {
        ended = Redaction.of(outcome, key);
        if (subscription != null) {
            subscription.cancel();
        }
        complete.complete(null);
    }

    @Override
    public void onError(Throwable failure) {
        complete.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        complete.complete(null);
    }

    /** The outcome of a body that ended in order. */
    synchronized Outcome end() {
        if (ended == null) {
            ended = Redaction.of(outcome(), key);
        }
        return ended;
    }

    private Outcome outcome() {
        HttpResponse.ResponseInfo info = head;
        if (info == null || streamed) {
            return reader.outcome();
        }
        String text = whole.toString(StandardCharsets.UTF_8);
        if (info.statusCode() != 200) {
            RetryAdvice advice = RetryAdvice.of(name -> info.headers().firstValue(name), Instant.now());
            return errors.classify(info.statusCode(), text, advice);
        }
        if (contentType(info).startsWith("text/html")) {
            return new Outcome.NotFound(200, errors.forPeople("a web page in place of a reply: " + text));
        }
        begin();
        reader.accept(null, text.strip()); // a server that does not stream; blank lines before the JSON keep it alive
        return reader.outcome();
    }

    /** The outcome of an exchange that broke. What the provider had finished before that is whole. */
    synchronized Outcome fail(Throwable cause) {
        if (ended == null) {
            String detail = errors.forPeople(String.valueOf(cause));
            if (head == null) {
                ended = new Outcome.Unreachable(detail);
            } else if (head.statusCode() != 200 || reader.isOver() || reader.isFinished()) {
                ended = Redaction.of(outcome(), key);
            } else {
                ended = new CutStream(Cut.CONNECTION_LOST, detail);
            }
        }
        return ended;
    }

    /** Ends the exchange from this side; what is already decided stays. */
    synchronized Outcome cut(CutStream why) {
        if (ended == null) {
            ended = streamed && reader.isFinished() ? Redaction.of(reader.outcome(), key) : why;
        }
        if (subscription != null) {
            subscription.cancel();
        }
        return ended;
    }

    synchronized Received received() {
        return Redaction.of(reader.received(), key);
    }
}
