package dev.distill.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;

/** {@code /events}: server-sent events (html.spec.whatwg.org, 9.2), one {@link LiveStream} for each browser. */
final class EventsHandler implements HttpHandler {
    private final RunsFolder runs;
    private final Closing closing;

    EventsHandler(RunsFolder runs, Closing closing) {
        this.runs = runs;
        this.closing = closing;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/events")) {
            Guard.text(exchange, 404, "There is no such page.\n");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0); // of no known length
        try (OutputStream out = exchange.getResponseBody()) {
            new LiveStream(runs, out).run(closing);
        } catch (IOException e) {
            // the browser is gone; it asks again if it wants more
        }
    }
}
