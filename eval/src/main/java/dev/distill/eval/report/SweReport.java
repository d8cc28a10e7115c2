package dev.distill.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.eval.metric.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What SWE-bench's harness reports of predictions ({@code MODEL.RUN.json}, its schema 2).
 *
 * @param total instances of the data set; SWE-bench Verified has 500
 * @param submitted those that had a prediction
 * @param resolved whose tests pass with the patch
 * @param unresolved whose tests do not
 * @param empty whose patch was empty
 * @param errors where the patch did not apply or the run failed
 */
public record SweReport(
        int total,
        int submitted,
        SortedSet<String> resolved,
        SortedSet<String> unresolved,
        SortedSet<String> empty,
        SortedSet<String> errors) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The task whose published figures stand beside it. */
    public static final String TASK = "swe-bench-verified";

    public SweReport {
        resolved = Collections.unmodifiableSortedSet(new TreeSet<>(resolved));
        unresolved = Collections.unmodifiableSortedSet(new TreeSet<>(unresolved));
        empty = Collections.unmodifiableSortedSet(new TreeSet<>(empty));
        errors = Collections.unmodifiableSortedSet(new TreeSet<>(errors));
        if (total < 1 || resolved.size() > total) {
            throw new IllegalArgumentException(
                    "SWE-bench report: total_instances must be at least 1 and no less than the" + " resolved ones; got "
                            + total + " and " + resolved.size());
        }
    }

    /** Reads it; of older schemas, without ids, nothing can be told question by question, and they are refused. */
    public static SweReport read(Path file) throws IOException {
        JsonNode node = JSON.readTree(file.toFile());
        if (!node.path("resolved_ids").isArray()
                || !node.path("total_instances").isInt()) {
            throw new IllegalArgumentException(
                    "SWE-bench report " + file
                            + ": need total_instances and resolved_ids; is this MODEL.RUN.json of swebench.harness.run_evaluation?");
        }
        return new SweReport(
                node.path("total_instances").asInt(),
                node.path("submitted_instances").asInt(),
                ids(node, "resolved_ids"),
                ids(node, "unresolved_ids"),
                ids(node, "empty_patch_ids"),
                ids(node, "error_ids"));
    }

    private static SortedSet<String> ids(JsonNode node, String field) {
        SortedSet<String> ids = new TreeSet<>();
        node.path(field).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    /** Of all instances, those that were not submitted too: as leaderboards count. */
    public Interval share() {
        return Interval.wilson(resolved.size(), total);
    }

    /** A table with the published figures below ours. */
    public String markdown(String model) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                model,
                Figures.percent(share()),
                Figures.count(resolved.size()) + " of " + Figures.count(total) + "; " + unresolved.size()
                        + " unresolved, " + empty.size() + " empty, " + errors.size() + " errors, "
                        + (total - submitted) + " not submitted",
                "here"));
        for (Published.Figure figure : Published.of(TASK)) {
            rows.add(List.of(
                    figure.model(),
                    Figures.format("%.1f\u00a0%%", figure.value()),
                    figure.source().protocol(),
                    figure.source().title() + ", " + figure.source().date()));
        }
        return ReportMarkdown.table(List.of("model", "resolved", "of which", "source"), rows);
    }
}
