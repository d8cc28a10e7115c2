package dev.distill.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Reads a dashboard's events, as a browser would. */
final class EventReader implements AutoCloseable {
    /** @param data JSON */
    record Event(String name, JsonNode data) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final InputStream body;
    private final BufferedReader lines;

    EventReader(URI page) throws IOException, InterruptedException {
        body = client.send(
                        HttpRequest.newBuilder(page.resolve("/events")).build(),
                        HttpResponse.BodyHandlers.ofInputStream())
                .body();
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    Event next() throws IOException {
        String name = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                return new Event(name, new ObjectMapper().readTree(line.substring(6)));
            }
        }
        throw new IOException("the dashboard ended its events");
    }

    /** The next event of this name for which it holds. */
    JsonNode await(String name, Predicate<JsonNode> holds) throws IOException {
        while (true) {
            Event event = next();
            if (event.name.equals(name) && holds.test(event.data)) {
                return event.data;
            }
        }
    }

    JsonNode await(String name) throws IOException {
        return await(name, data -> true);
    }

    @Override
    public void close() throws IOException {
        body.close();
        client.shutdownNow();
    }
}
