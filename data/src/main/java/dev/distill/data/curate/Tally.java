package dev.distill.data.curate;

import dev.distill.data.curate.Decision.Dropped;
import dev.distill.data.curate.Decision.Kept;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counts decisions as they are handed on. */
final class Tally {
    private final CurationSettings settings;
    private final Consumer<Decision> sink;
    private final Map<String, Long> dropped = new LinkedHashMap<>();
    private final Map<String, Long> failed = new LinkedHashMap<>();
    private final Map<String, List<CurationReport.Example>> examples = new LinkedHashMap<>();
    private long read;
    private long kept;

    Tally(CurationSettings settings, Consumer<Decision> sink) {
        this.settings = settings;
        this.sink = sink;
        for (TraceFilter filter : settings.filters()) {
            begin(filter.name());
            if (filter instanceof Correctness correctness) {
                correctness.apart().stream().sorted().forEach(this::begin);
            }
        }
        for (String reason : List.of(Curation.DUPLICATE, Curation.NEAR_DUPLICATE, Curation.PER_PROMPT)) {
            dropped.put(reason, 0L);
        }
    }

    private void begin(String name) {
        dropped.put(name, 0L);
        failed.put(name, 0L);
    }

    void read(Trace trace) {
        read++;
        for (Verdict verdict : trace.verdicts()) {
            if (verdict.outcome() == Verdict.Outcome.FAIL) {
                failed.computeIfPresent(verdict.by(), (_, count) -> count + 1);
            }
        }
    }

    void keep(Kept trace) {
        kept++;
        sink.accept(trace);
    }

    void drop(Dropped trace) {
        dropped.merge(trace.reason(), 1L, Long::sum);
        List<CurationReport.Example> shown = examples.computeIfAbsent(trace.reason(), _ -> new ArrayList<>());
        if (shown.size() < settings.examples()) {
            shown.add(new CurationReport.Example(trace.trace().id(), trace.detail()));
        }
        sink.accept(trace);
    }

    CurationReport report() {
        return new CurationReport(read, kept, dropped, failed, examples);
    }
}
