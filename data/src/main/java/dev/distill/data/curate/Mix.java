package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much of each kind is kept: as many traces as there are in these proportions. Which of a kind is drawn by lot, always the same
 * one for the same seed, whatever the order of the traces.
 *
 * @param by what tells the kinds apart
 * @param lengths bounds between kinds of length, in characters of reasoning and answer, rising; empty for other kinds
 * @param shares of each kind, by its name, above 0; kinds that are not named are left out
 * @param total traces at most; 0 for as many as the proportions allow
 * @param seed of the lot
 */
public record Mix(By by, List<Long> lengths, SortedMap<String, Double> shares, long total, long seed)
        implements Serializable {
    /** The kind of what belongs to no other. */
    public static final String OTHER = "other";

    /** What tells kinds apart. */
    public enum By {
        /** {@link Trace#source}. */
        SOURCE,
        /** Characters of reasoning and answer: {@code 0-4000}, {@code 4000-16000}, {@code 16000-}. */
        LENGTH
    }

    public Mix {
        lengths = List.copyOf(lengths);
        shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
        if (shares.isEmpty() || shares.values().stream().anyMatch(share -> !(share > 0)) || total < 0) {
            throw new IllegalArgumentException(
                    "curate.mix: shares must name kinds with numbers above 0, total be 0 or more; got " + shares + ", "
                            + total);
        }
    }

    /** The kind that a trace belongs to. */
    String classOf(Trace trace) {
        return switch (by) {
            case SOURCE -> trace.source();
            case LENGTH -> lengthClass(Facts.lengthOf(trace));
        };
    }

    private String lengthClass(long length) {
        long from = 0;
        for (long bound : lengths) {
            if (length < bound) {
                return from + "-" + bound;
            }
            from = bound;
        }
        return from + "-";
    }

    /**
     * Traces that are kept of each kind.
     *
     * @param there how many there are of each
     */
    public SortedMap<String, Long> quotas(Map<String, Long> there) {
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        double most = total == 0 ? Double.MAX_VALUE : total;
        for (Map.Entry<String, Double> share : shares.entrySet()) {
            most = Math.min(most, there.getOrDefault(share.getKey(), 0L) * sum / share.getValue());
        }
        SortedMap<String, Long> quotas = new TreeMap<>();
        for (Map.Entry<String, Double> share : shares.entrySet()) {
            long quota = Math.round(most * share.getValue() / sum);
            quotas.put(share.getKey(), Math.min(quota, there.getOrDefault(share.getKey(), 0L)));
        }
        return quotas;
    }

    /** A trace's lot: the least of a kind are kept. */
    public String lot(CanonicalKey key) {
        return Hash.of(List.of(Long.toString(seed), key.id(), Integer.toString(key.sample()), key.content()));
    }

    /** Why a trace goes that its lot did not reach. */
    public String detail(String mixClass, long quota) {
        return shares.containsKey(mixClass)
                ? "the mix takes " + quota + " of " + mixClass
                : mixClass + " is no part of the mix";
    }
}
