package dev.distill.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The page and its parts, each a resource of this package, all read at the start. */
final class PageHandler implements HttpHandler {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private static final Map<String, String> RESOURCES = Map.ofEntries(
            Map.entry("/", "index.html"),
            Map.entry("/page.css", "page.css"),
            Map.entry("/icon.svg", "icon.svg"),
            Map.entry("/app.js", "app.js"),
            Map.entry("/blocks.js", "blocks.js"),
            Map.entry("/charts.js", "charts.js"),
            Map.entry("/curation.js", "curation.js"),
            Map.entry("/evaluation.js", "evaluation.js"),
            Map.entry("/figures.js", "figures.js"),
            Map.entry("/harvest.js", "harvest.js"),
            Map.entry("/plot.js", "plot.js"),
            Map.entry("/store.js", "store.js"),
            Map.entry("/story.js", "story.js"),
            Map.entry("/tables.js", "tables.js"),
            Map.entry("/samples.js", "samples.js"),
            Map.entry("/settings.js", "settings.js"),
            Map.entry("/uplot.js", "uplot/uPlot.iife.min.js"),
            Map.entry("/uplot.css", "uplot/uPlot.min.css"),
            Map.entry("/uplot-licence.txt", "uplot/LICENSE.txt"));

    private final Map<String, byte[]> contents = new HashMap<>();

    PageHandler() throws IOException {
        for (Map.Entry<String, String> resource : RESOURCES.entrySet()) {
            try (InputStream in = Objects.requireNonNull(
                    PageHandler.class.getResourceAsStream(resource.getValue()),
                    "resource " + resource.getValue() + " is missing")) {
                contents.put(resource.getKey(), in.readAllBytes());
            }
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] content = contents.get(path);
        if (content == null) {
            Guard.text(exchange, 404, "There is no such page.\n");
            return;
        }
        String name = RESOURCES.getOrDefault(path, "");
        Guard.send(exchange, 200, TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"), content);
    }
}
