package dev.distill.data.curate;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a curation did, for people and for {@code --json}: plain numbers, strings, lists and maps.
 *
 * @param read traces in
 * @param kept traces out
 * @param dropped per reason, in the order of the checks, reasons without a drop included; adds up to read - kept
 * @param failed how many traces failed each filter, those included that another filter had dropped before, and those that are kept
 *     with a label
 * @param only how many nothing else would have dropped, of each filter that drops, or each kind that it tells apart
 * @param alone how many traces each check would drop if there were no other; null unless it was asked for
 * @param overlaps how many traces hold a text of each held-out set, by the set's name and the kind of match ({@link
 *     Contamination#word}); sets of which none was found included
 * @param examples the first few dropped traces of each reason
 * @param sources what became of the traces of each source
 * @param spent what all traces that were read have cost, by currency
 */
public record CurationReport(
        long read,
        long kept,
        Map<String, Long> dropped,
        Map<String, Long> failed,
        Map<String, Long> only,
        @Nullable Map<String, Long> alone,
        SortedMap<String, Map<String, Long>> overlaps,
        Map<String, List<Example>> examples,
        SortedMap<String, Share> sources,
        SortedMap<String, BigDecimal> spent) {
    /** Reports that an older program has written lack some of them. */
    public CurationReport {
        only = Objects.requireNonNullElse(only, Map.of());
        overlaps = Objects.requireNonNullElse(overlaps, new TreeMap<>());
        sources = Objects.requireNonNullElse(sources, new TreeMap<>());
        spent = Objects.requireNonNullElse(spent, new TreeMap<>());
    }

    /** One dropped trace: its id, and the value that decided. */
    public record Example(String trace, String detail) implements Serializable {}

    /** Traces of one source. */
    public record Share(long read, long kept) implements Serializable {}

    /** The checks in their order, and what each left. */
    public Funnel funnel() {
        return Funnel.of(this);
    }

    /** What each kept trace has cost, by currency, to seven digits; empty where nothing was kept. A currency of which nothing was spent is left out. */
    public SortedMap<String, BigDecimal> spentPerKept() {
        SortedMap<String, BigDecimal> each = new TreeMap<>();
        spent.forEach((currency, amount) -> {
            if (kept > 0 && amount.signum() > 0) {
                each.put(currency, amount.divide(BigDecimal.valueOf(kept), MathContext.DECIMAL32));
            }
        });
        return each;
    }

    /** Rows removed per held-out set, by the set's name. */
    public Map<String, Long> contaminated() {
        Map<String, Long> sets = new LinkedHashMap<>();
        dropped.forEach((reason, count) -> {
            if (reason.startsWith(Decontamination.PREFIX)) {
                sets.put(reason.substring(Decontamination.PREFIX.length()), count);
            }
        });
        return sets;
    }
}
