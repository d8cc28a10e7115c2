package dev.distill.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * {@code /metrics}: the newest figures of each training in Prometheus' text format
 * (prometheus.io/docs/instrumenting/exposition_formats), version 0.0.4.
 */
final class PrometheusHandler implements HttpHandler {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** A figure: its key in {@code metrics.jsonl}, its name here, what it is. */
    private record Figure(String key, String name, String help) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure("step", "distill_train_step", "Updates that are done."),
            new Figure("loss", "distill_train_loss", "Loss of the newest step, nats a trained token."),
            new Figure("val_loss", "distill_train_validation_loss", "Newest validation loss, nats a trained token."),
            new Figure("score", "distill_train_score_ratio", "Newest share of right answers to train.score-tasks."),
            new Figure("grad_norm", "distill_train_gradient_norm", "Norm of the gradient before clipping."),
            new Figure("learning_rate", "distill_train_learning_rate", "Learning rate of the newest step."),
            new Figure("tokens_per_s", "distill_train_tokens_per_second", "Positions a second in the newest step."),
            new Figure("matmul_share", "distill_train_matmul_ratio", "Share of the measured rate of products."),
            new Figure("rss_mib", "distill_train_resident_mebibytes", "Memory of the training process."));

    private final RunsFolder runs;
    private final Map<String, Newest> newest = new LinkedHashMap<>();

    PrometheusHandler(RunsFolder runs) {
        this.runs = runs;
    }

    /** The newest value of each key of one training. */
    private static final class Newest {
        private final LineTail tail;
        private final Map<String, Double> values = new LinkedHashMap<>();

        Newest(Run.Training training) {
            this.tail = new LineTail(training.metrics());
        }

        Map<String, Double> read() throws IOException {
            for (LineTail.News news = tail.read(); !news.isNone(); news = tail.read()) {
                if (news.replaced()) {
                    values.clear();
                }
                for (ObjectNode line : news.lines()) {
                    for (Figure figure : FIGURES) {
                        JsonNode value = line.path(figure.key);
                        if (value.isNumber()) {
                            values.put(figure.key, value.asDouble());
                        }
                    }
                }
            }
            return values;
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/metrics")) {
            Guard.send(exchange, 200, TYPE, text().getBytes(StandardCharsets.UTF_8));
        } else {
            Guard.text(exchange, 404, "There is no such page.\n");
        }
    }

    private synchronized String text() throws IOException {
        SequencedMap<String, Map<String, Double>> trainings = new LinkedHashMap<>();
        for (Run run : runs.runs()) {
            for (Run.Training training : run.trainings()) {
                trainings.put(
                        "run=\"" + escaped(run.name()) + "\",training=\"" + escaped(training.id()) + "\"",
                        newest.computeIfAbsent(training.id(), id -> new Newest(training))
                                .read());
            }
        }
        StringBuilder text = new StringBuilder();
        for (Figure figure : FIGURES) {
            text.append("# HELP ")
                    .append(figure.name)
                    .append(' ')
                    .append(figure.help)
                    .append('\n');
            text.append("# TYPE ").append(figure.name).append(" gauge\n");
            trainings.forEach((labels, values) -> {
                Double value = values.get(figure.key);
                if (value != null) {
                    text.append(figure.name)
                            .append('{')
                            .append(labels)
                            .append("} ")
                            .append(value)
                            .append('\n');
                }
            });
        }
        return text.toString();
    }

    /** A label's value: backslash, quote and line's end have an escape. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
