package dev.distill.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.distill.data.shard.ShardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /trace?run=NAME&id=HEX}: one trace of those that a run began with and what curation decided about it, as JSON. The name is compared with those
 * of the runs that are shown and is no path; an id that is not hex is refused. One search at a time: each reads a column of the shards.
 */
final class TraceHandler implements HttpHandler {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8,64}");
    private static final int LONGEST_QUERY = 2000;

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
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String id = query.getOrDefault("id", "");
        String name = query.get("run");
        if (name == null || !ID.matcher(id).matches()) {
            Guard.text(exchange, 400, "trace: needs run=NAME and id=ID, 8 to 64 hex digits in lower case.\n");
            return;
        }
        Optional<Run> run =
                runs.runs().stream().filter(shown -> shown.name().equals(name)).findFirst();
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

    /** The first value of each name; none of what is no query of ours. */
    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        if (raw == null || raw.length() > LONGEST_QUERY) {
            return values;
        }
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
                    values.putIfAbsent(pair.substring(0, equals), value);
                } catch (IllegalArgumentException e) {
                    return Map.of(); // a percent sign without its digits
                }
            }
        }
        return values;
    }
}
