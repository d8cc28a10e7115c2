package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is counted while traces are written, for the manifest and the card. */
public final class TraceCounts implements Serializable {
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private long traces;

    public void add(Trace trace) {
        traces++;
        count("teacher " + trace.teacher());
        count("source " + trace.source());
        count("finish " + trace.finish().word());
        if (trace.reasoning() != null) {
            count("with reasoning");
        }
        if (trace.domain() != null) {
            count("domain " + trace.domain());
        }
        if (trace.licence() != null) {
            count("licence " + trace.licence());
        }
        for (Verdict verdict : trace.verdicts()) {
            count("verdict " + verdict.by() + " " + verdict.outcome().word());
        }
    }

    /** Adds what was counted elsewhere. */
    public void add(TraceCounts others) {
        traces += others.traces;
        others.counts.forEach((name, count) -> counts.merge(name, count, Long::sum));
    }

    private void count(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    public long traces() {
        return traces;
    }

    /** Traces by teacher, source, way of ending and verdict. */
    public SortedMap<String, Long> byName() {
        return Collections.unmodifiableSortedMap(counts);
    }
}
