package dev.distill.dashboard;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.DropReasons;
import dev.distill.data.curate.Funnel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the browser is told of a run's curation: {@code state}; {@code progress}, as the file has it, until it is done; and of one that is
 * done {@code read}, {@code kept}, {@code spent} and {@code spent_per_kept} by currency, {@code steps} (each a check in its order, with its
 * kinds and examples) and {@code sources}. Long reports are cut: what a page can show is bounded.
 */
final class CurationJson {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final int LONGEST = 300;
    private static final int MOST_KINDS = 100;
    private static final int MOST_SOURCES = 50;

    private CurationJson() {}

    /** Empty where nothing has been curated, or not by this program. */
    static Optional<ObjectNode> of(Run run) {
        Path folder = run.curate();
        ObjectNode progress = JsonFile.object(folder.resolve("progress.json"));
        boolean over = Files.exists(folder.resolve(RunsFolder.MANIFEST));
        OptionalLong worker = run.worker();
        boolean working = worker.isPresent()
                && progress.path("process").asLong(-1)
                        == worker.getAsLong(); // of one that was killed a file may be left
        Optional<CurationReport> report = over ? report(folder) : Optional.empty();
        if (report.isEmpty() && progress.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = JSON.createObjectNode().put("state", RunsJson.state(report.isPresent() && !working, working));
        if (working || report.isEmpty()) {
            json.set("progress", progress);
        }
        report.ifPresent(found -> put(json, found));
        return Optional.of(json);
    }

    private static Optional<CurationReport> report(Path folder) {
        try {
            CurationReport report = JSON.readValue(folder.resolve("report.json").toFile(), CurationReport.class);
            return isWhole(report) ? Optional.of(report) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // it has just gone, or is not one of ours
        }
    }

    /** What is in the file may be anything. */
    private static boolean isWhole(@Nullable CurationReport report) {
        return report != null && report.dropped() != null && report.failed() != null && report.examples() != null;
    }

    private static void put(ObjectNode json, CurationReport report) {
        json.put("read", report.read()).put("kept", report.kept());
        put(json.putObject("spent"), report.spent());
        put(json.putObject("spent_per_kept"), report.spentPerKept());
        ArrayNode steps = json.putArray("steps");
        for (Funnel.Step step : report.funnel().steps()) {
            step(steps.addObject(), step, report);
        }
        sources(json.putArray("sources"), report.sources());
    }

    private static void put(ObjectNode json, SortedMap<String, BigDecimal> money) {
        money.forEach((currency, amount) ->
                json.put(currency, amount.stripTrailingZeros().toPlainString()));
    }

    private static void step(ObjectNode json, Funnel.Step step, CurationReport report) {
        json.put("check", step.check())
                .put("words", DropReasons.words(step.check()))
                .put("dropped", step.dropped())
                .put("left", step.left());
        ArrayNode kinds = json.putArray("kinds");
        for (String kind : step.kinds().stream().limit(MOST_KINDS).toList()) {
            ObjectNode own = kinds.addObject()
                    .put("name", kind)
                    .put("words", DropReasons.words(kind))
                    .put("dropped", report.dropped().getOrDefault(kind, 0L));
            put(own, "failed", report.failed(), kind);
            put(own, "only", report.only(), kind);
            put(own, "alone", report.alone() == null ? Map.of() : report.alone(), kind);
            ArrayNode examples = own.putArray("examples");
            for (CurationReport.Example example : report.examples().getOrDefault(kind, List.of())) {
                examples.addObject().put("trace", example.trace()).put("detail", cut(example.detail()));
            }
        }
    }

    private static void put(ObjectNode json, String name, Map<String, Long> counts, String kind) {
        Long count = counts.get(kind);
        if (count != null) {
            json.put(name, count);
        }
    }

    /** The largest, and all others together. */
    private static void sources(ArrayNode json, SortedMap<String, CurationReport.Share> sources) {
        List<Map.Entry<String, CurationReport.Share>> all = new ArrayList<>(sources.entrySet());
        all.sort((a, b) -> Long.compare(b.getValue().read(), a.getValue().read()));
        for (Map.Entry<String, CurationReport.Share> source :
                all.stream().limit(MOST_SOURCES).toList()) {
            source(json.addObject().put("name", cut(source.getKey())), source.getValue());
        }
        all.stream()
                .skip(MOST_SOURCES)
                .map(Map.Entry::getValue)
                .reduce((a, b) -> new CurationReport.Share(a.read() + b.read(), a.kept() + b.kept()))
                .ifPresent(others -> source(json.addObject().put("others", all.size() - MOST_SOURCES), others));
    }

    private static void source(ObjectNode json, CurationReport.Share share) {
        json.put("read", share.read()).put("kept", share.kept());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "\u2026";
    }
}
