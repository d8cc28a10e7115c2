package dev.distill.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.distill.data.shard.ShardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * {@code /trace?run=NAME&id=HEX}: one trace of those that a run began with and what curation decided about it, as JSON. The name is compared with those
 * of the runs that are shown and is no path; an id that is not hex is refused. One search at a time: each reads a column of the shards.
 */
final class TraceHandler implements HttpHandler {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8,64}");

    private final RunsFolder runs;
    private final Lock one = new ReentrantLock();

    TraceHandler(RunsFolder runs) {
        this.runs = runs;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/trace")) {
            Guard.text(exchange, 404, "There is no such page.\n");
            return;
        }
        Query query = Query.of(exchange);
        String id = query.get("id");
        if (query.get("run").isEmpty() || !ID.matcher(id).matches()) {
            Guard.text(exchange, 400, "trace: needs run=NAME and id=ID, 8 to 64 hex digits in lower case.\n");
            return;
        }
        Optional<Run> run = query.run(runs);
        if (run.isEmpty()) {
            Guard.text(exchange, 404, "trace: there is no run of this name here.\n");
            return;
        }
        answer(exchange, run.get(), id);
    }

    private void answer(HttpExchange exchange, Run run, String id) throws IOException {
        Optional<ObjectNode> found;
        one.lock();
        try {
            found = TraceSearch.find(run, id);
        } catch (ShardException | UncheckedIOException e) {
            Guard.text(exchange, 500, "trace: " + e.getMessage() + "\n");
            return;
        } finally {
            one.unlock();
        }
        if (found.isEmpty()) {
            Guard.text(
                    exchange,
                    404,
                    "trace: no shard of this run has it; was it harvested anew since, or were the traces that it was given moved?\n");
        } else {
            byte[] json = found.get().toString().getBytes(StandardCharsets.UTF_8);
            Guard.send(exchange, 200, "application/json; charset=utf-8", json);
        }
    }
}
