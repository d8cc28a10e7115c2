package dev.distill.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What others have published of their models ({@code published.yaml}), each figure with its source, date and the way in which it
 * was measured. Ours stand beside them, not in one ranking: another harness alone moves such scores by several points.
 */
public final class Published {
    private static final String RESOURCE = "published.yaml";
    private static final JsonNode ALL = read();

    private Published() {}

    /**
     * One figure.
     *
     * @param benchmark its title
     * @param metric as the source calls it: {@code pass@1}, {@code cons@64}, {@code resolved} and the like in percent, or {@code rating}
     * @param value as the source writes it
     * @param source where it stands
     */
    public record Figure(String model, String benchmark, String metric, double value, Source source) {}

    /**
     * Where a figure stands.
     *
     * @param date of publication
     * @param protocol how it was measured, in words
     */
    public record Source(String title, String url, String date, String protocol) {}

    /** What is published for the benchmark that this task is, in the order of the file; empty where it is none that is known. */
    public static List<Figure> of(String task) {
        Optional<String> benchmark = benchmark(task);
        List<Figure> figures = new ArrayList<>();
        benchmark.ifPresent(key -> {
            for (JsonNode model : ALL.path("models")) {
                for (Map.Entry<String, JsonNode> figure :
                        model.path("figures").path(key).properties()) {
                    figures.add(new Figure(
                            model.path("model").asText(),
                            ALL.path("benchmarks").path(key).path("title").asText(),
                            figure.getKey(),
                            figure.getValue().asDouble(),
                            source(model.path("source").asText())));
                }
            }
        });
        return figures;
    }

    /** Where all figures come from, in the order of the file. */
    static List<Source> sources() {
        return ALL.path("sources").properties().stream()
                .map(entry -> source(entry.getKey()))
                .toList();
    }

    private static Source source(String key) {
        JsonNode source = ALL.path("sources").path(key);
        if (source.isMissingNode()) {
            throw new IllegalStateException(RESOURCE + ": source " + key + " is used and not described");
        }
        return new Source(
                source.path("title").asText(),
                source.path("url").asText(),
                source.path("date").asText(),
                source.path("protocol").asText());
    }

    private static Optional<String> benchmark(String task) {
        String plain = task.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        for (Map.Entry<String, JsonNode> benchmark : ALL.path("benchmarks").properties()) {
            for (JsonNode name : benchmark.getValue().path("tasks")) {
                if (name.asText().equals(plain)) {
                    return Optional.of(benchmark.getKey());
                }
            }
        }
        return Optional.empty();
    }

    private static JsonNode read() {
        try (InputStream in = Objects.requireNonNull(Published.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new ObjectMapper(new YAMLFactory()).readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
