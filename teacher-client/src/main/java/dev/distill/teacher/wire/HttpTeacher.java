package dev.distill.teacher.wire;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.DialectFacts;
import dev.distill.teacher.dialect.ErrorReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A teacher behind HTTP, asked in its dialect. Made for thousands of exchanges at once, each
 * waited for by a virtual thread of its own; chunks are read on the client's threads as they arrive.
 *
 * <p>HTTP/1.1 always: the upgrade to 2 that the JDK's client would offer makes some servers drop the request's body.
 * Redirects are not followed, so that a key goes to its host only.
 */
public final class HttpTeacher implements Teacher {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTeacher.class);

    /** The clock is looked at so often within the shortest time-out ... */
    private static final int CHECKS = 20;

    /** ... and so often at least. */
    private static final Duration RAREST_CHECK = Duration.ofMillis(500);

    private final Endpoint endpoint;
    private final URI completions;
    private final ApiKey key;
    private final Patience patience;
    private final ErrorReader errors;
    private final ExecutorService threads;
    private final HttpClient client;
    private final Set<Call> open = ConcurrentHashMap.newKeySet();
    private final Thread watch;
    private volatile boolean closed;

    public HttpTeacher(Endpoint endpoint, ApiKey key, Patience patience) {
        this.endpoint = endpoint;
        this.completions = endpoint.completions();
        this.key = key;
        // a reply that comes in one piece is silent until it is whole
        this.patience = endpoint.dialect().asked().streamed() ? patience : patience.withIdle(patience.total());
        this.errors = new ErrorReader(key);
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .executor(threads)
                .build();
        this.watch = Thread.ofVirtual().name("teacher watch").start(this::watch);
    }

    /** Looks at the clock for all exchanges. */
    private void watch() {
        Duration shorter = Collections.min(List.of(patience.idle(), patience.total()));
        long pause = Math.clamp(shorter.toMillis() / CHECKS, 1, RAREST_CHECK.toMillis());
        try {
            while (!closed) {
                Thread.sleep(pause);
                long now = System.nanoTime();
                open.forEach(call -> call.watch(now));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    @Override
    public Exchange ask(TeacherRequest request) {
        return ask(request, () -> {});
    }

    @Override
    public Exchange ask(TeacherRequest request, Runnable begun) {
        ReplyBody body = new ReplyBody(key, errors, endpoint.dialect().reader(errors), patience.longestBody(), begun);
        Sending sending = new Sending(endpoint.dialect().asked().streamed());
        Call call = new Call(body, sending, patience);
        open.add(call);
        try {
            if (closed) {
                call.cancel();
            }
            Exchange exchange = call.run(client, httpRequest(request, sending));
            LOG.debug("{}: {}", endpoint.model(), exchange.outcome().word());
            return exchange;
        } finally {
            open.remove(call);
        }
    }

    private HttpRequest httpRequest(TeacherRequest request, Sending sending) {
        byte[] body = endpoint.dialect().body(endpoint.model(), request);
        HttpRequest.Builder http = HttpRequest.newBuilder(completions)
                .header("Content-Type", "application/json")
                .header("Accept", endpoint.dialect().asked().streamed() ? "text/event-stream" : "application/json")
                .header("User-Agent", "distill")
                .POST(sending.body(body));
        DialectFacts.Access access = endpoint.dialect().facts().access();
        access.headers().forEach(http::header);
        if (key.isPresent()) {
            http.header(access.keyHeader(), key.signed(access.keyPrefix()));
        }
        return http.build();
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Call::cancel);
        watch.interrupt();
        client.shutdownNow();
        threads.shutdown();
    }
}
