package dev.distill.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * {@code /report?run=NAME}: the page of a run's evaluation. It has a script of its own and what a model wrote, so it is served into
 * a sandbox: an origin that is nobody's, from which nothing of the dashboard can be read and nothing be loaded.
 */
final class ReportHandler implements HttpHandler {
    private static final String POLICY = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline';"
            + " style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final RunsFolder runs;

    ReportHandler(RunsFolder runs) {
        this.runs = runs;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/report")) {
            Guard.text(exchange, 404, "There is no such page.\n");
            return;
        }
        Optional<Run> run = Query.of(exchange).run(runs);
        if (run.isEmpty()) {
            Guard.text(exchange, 404, "report: there is no run of this name here.\n");
            return;
        }
        try (InputStream page = Files.newInputStream(run.get().report())) {
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            page.transferTo(exchange.getResponseBody());
        } catch (NoSuchFileException e) {
            Guard.text(exchange, 404, "report: this run has not been evaluated, or is about to be again.\n");
        }
    }
}
