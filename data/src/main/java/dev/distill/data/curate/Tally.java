package dev.distill.data.curate;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts what a curation sees and decides. Parts of the traces can be counted apart, each in the order of the input. */
public final class Tally implements Serializable {
    private final int examplesShown;
    private final Set<String> filters;
    private final Map<String, Long> dropped = new LinkedHashMap<>();
    private final Map<String, Long> failed = new LinkedHashMap<>();
    private final Map<String, Long> only = new LinkedHashMap<>();
    private final Map<String, List<CurationReport.Example>> examples = new LinkedHashMap<>();
    private final SortedMap<String, Map<String, Long>> overlaps = new TreeMap<>();
    private final SortedMap<String, CurationReport.Share> sources = new TreeMap<>();
    private final SortedMap<String, BigDecimal> spent = new TreeMap<>();
    private long read;
    private long kept;

    public Tally(CurationSettings settings) {
        this.examplesShown = settings.examples();
        for (FilterRule rule : settings.filters()) {
            begin(rule.filter().name());
            if (rule.filter() instanceof Correctness correctness) {
                correctness.apart().stream().sorted().forEach(this::begin);
                correctness.stated().forEach(this::begin);
            }
        }
        this.filters = Set.copyOf(failed.keySet());
        for (Selection.Step step : Selection.Step.values()) {
            dropped.put(step.reason, 0L);
        }
    }

    private void begin(String name) {
        dropped.put(name, 0L);
        failed.put(name, 0L);
        only.put(name, 0L);
        if (name.startsWith(Decontamination.PREFIX)) {
            Map<String, Long> kinds = new LinkedHashMap<>();
            for (Contamination kind : Contamination.values()) {
                kinds.put(kind.word(), 0L);
            }
            overlaps.put(name.substring(Decontamination.PREFIX.length()), kinds);
        }
    }

    /** Counts a trace that the filters have looked at. */
    public void examined(Examined examined) {
        Trace trace = examined.trace();
        read++;
        sources.merge(trace.source(), new CurationReport.Share(1, 0), Tally::plus);
        Money cost = trace.cost();
        spent.merge(cost.currency(), cost.amount(), BigDecimal::add);
        for (Verdict verdict : trace.verdicts()) {
            if (verdict.outcome() == Verdict.Outcome.FAIL && isOfAFilter(verdict.by())) {
                failed.merge(verdict.by(), 1L, Long::sum);
                Contamination.of(verdict)
                        .ifPresent(kind -> overlaps.computeIfPresent(
                                verdict.by().substring(Decontamination.PREFIX.length()), (_, kinds) -> {
                                    kinds.merge(kind.word(), 1L, Long::sum);
                                    return kinds;
                                }));
            }
        }
        Set<String> against = examined.failures().stream().map(Verdict::by).collect(Collectors.toUnmodifiableSet());
        if (against.size() == 1) {
            only.merge(against.iterator().next(), 1L, Long::sum);
        }
    }

    private boolean isOfAFilter(String by) {
        return filters.contains(by) || filters.contains(FilterRule.family(by));
    }

    /** Counts a decision. */
    public void decided(Decision decision) {
        Fate fate = decision instanceof Decision.Dropped gone ? new Fate(gone.reason(), gone.detail()) : null;
        decided(decision.trace().id(), decision.trace().source(), fate);
    }

    /**
     * {@link #decided(Decision)} of a trace of this id and source.
     *
     * @param fate why it goes; null where it is kept
     */
    public void decided(String id, String source, @Nullable Fate fate) {
        if (fate == null) {
            kept++;
            sources.merge(source, new CurationReport.Share(0, 1), Tally::plus);
            return;
        }
        dropped.merge(fate.reason(), 1L, Long::sum);
        show(fate.reason(), List.of(new CurationReport.Example(id, fate.detail())));
    }

    private void show(String reason, List<CurationReport.Example> more) {
        List<CurationReport.Example> shown = examples.computeIfAbsent(reason, _ -> new ArrayList<>());
        more.stream().limit(examplesShown - shown.size()).forEach(shown::add);
    }

    /** Adds what was counted of traces that stand behind those that were counted here. */
    public void add(Tally next) {
        read += next.read;
        kept += next.kept;
        next.dropped.forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
        next.failed.forEach((by, count) -> failed.merge(by, count, Long::sum));
        next.only.forEach((by, count) -> only.merge(by, count, Long::sum));
        next.overlaps.forEach((set, kinds) -> {
            Map<String, Long> here = overlaps.computeIfAbsent(set, _ -> new LinkedHashMap<>());
            kinds.forEach((kind, count) -> here.merge(kind, count, Long::sum));
        });
        next.examples.forEach(this::show);
        next.sources.forEach((source, share) -> sources.merge(source, share, Tally::plus));
        next.spent.forEach((currency, amount) -> spent.merge(currency, amount, BigDecimal::add));
    }

    private static CurationReport.Share plus(CurationReport.Share a, CurationReport.Share b) {
        return new CurationReport.Share(a.read() + b.read(), a.kept() + b.kept());
    }

    /**
     * What has been counted.
     *
     * @param alone of the steps after the filters, how many each alone would drop; null unless it was asked for
     */
    public CurationReport report(@Nullable Map<String, Long> alone) {
        Map<String, Long> all = null;
        if (alone != null) {
            all = new LinkedHashMap<>(failed);
            all.putAll(alone);
        }
        return new CurationReport(read, kept, dropped, failed, only, all, overlaps, examples, sources, spent);
    }
}
