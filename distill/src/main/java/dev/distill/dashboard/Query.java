package dev.distill.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request asks for behind its question mark. */
final class Query {
    private static final int LONGEST = 2000;

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /** The first value of each name; none of what is no query of ours. */
    static Query of(HttpExchange exchange) {
        return new Query(values(exchange.getRequestURI().getRawQuery()));
    }

    private static Map<String, String> values(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        if (raw == null || raw.length() > LONGEST) {
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

    /** Empty where it was not given. */
    String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** The run that {@code run=NAME} names: compared with those that are shown, never taken for a path. */
    Optional<Run> run(RunsFolder runs) throws IOException {
        String name = get("run");
        return runs.runs().stream().filter(shown -> shown.name().equals(name)).findFirst();
    }
}
