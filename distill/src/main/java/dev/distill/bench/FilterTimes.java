package dev.distill.bench;

import dev.distill.data.curate.TraceFilter;
import dev.distill.data.curate.TraceWords;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each of some filters costs, and what it costs to read a trace's words for all of them. */
final class FilterTimes {
    /** Under this name stands reading the words, which is done once. */
    static final String READING = "reading";

    private final List<TraceFilter> filters;
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    /**
     * One trace.
     *
     * @param failed whether any filter would drop it
     * @param nanos of reading and of each filter, in their order
     */
    record Checked(boolean failed, long[] nanos) {}

    FilterTimes(List<TraceFilter> filters) {
        this.filters = List.copyOf(filters);
        if (!filters.isEmpty()) {
            seconds.put(READING, new ArrayList<>());
            filters.forEach(filter -> seconds.put(filter.name(), new ArrayList<>()));
        }
    }

    /** How many times there are of each trace: reading's and each filter's; none without filters. */
    int size() {
        return seconds.size();
    }

    /** Times one trace; called by any number of threads. */
    Checked check(Trace trace) {
        long[] nanos = new long[filters.size() + 1];
        long begin = System.nanoTime();
        TraceWords words = new TraceWords(trace);
        words.read();
        boolean failed = false;
        for (int i = 0; i < filters.size(); i++) {
            long before = begin;
            begin = System.nanoTime();
            nanos[i] = begin - before;
            failed |= filters.get(i).check(trace, words).outcome() == Verdict.Outcome.FAIL;
        }
        nanos[filters.size()] = System.nanoTime() - begin;
        return new Checked(failed, nanos);
    }

    /** Takes the sums over all traces of one time that counts. */
    void counted(long[] nanos) {
        int i = 0;
        for (List<Double> each : seconds.values()) {
            each.add(nanos[i++] / 1e9);
        }
    }

    /** Seconds of all threads together by name, the median over the times that counted. */
    Map<String, Double> medians() {
        Map<String, Double> medians = new LinkedHashMap<>();
        seconds.forEach((name, each) -> medians.put(name, Spread.of(each).median()));
        return medians;
    }
}
