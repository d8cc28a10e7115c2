package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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
    /** The kind of what has no domain. */
    public static final String OTHER = "other";

    /** The proportions of DeepSeek-R1's 800,000 samples. */
    public static Mix r1(long total, long seed) {
        return new Mix(
                By.REASONING,
                List.of(),
                new TreeMap<>(Map.of("reasoning", 600_000.0, "general", 200_000.0)),
                total,
                seed);
    }

    /** Domains that are reasoned about, in the words of the formats that are read. */
    private static final Set<String> REASONED = Set.of("math", "maths", "code", "science", "logic", "stem");

    /** What tells kinds apart. */
    public enum By {
        /** {@link Trace#domain}; {@code other} where nobody has said. */
        DOMAIN,
        /**
         * {@code reasoning} or {@code general}, as DeepSeek-R1's makers mixed 600,000 and 200,000 samples: by the domain, and where
         * nobody has said, by whether there is a reference to check the answer with.
         */
        REASONING,
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
            case DOMAIN -> trace.domain() == null ? OTHER : trace.domain();
            case REASONING -> isReasoned(trace) ? "reasoning" : "general";
            case SOURCE -> trace.source();
            case LENGTH -> lengthClass(Facts.lengthOf(trace));
        };
    }

    private static boolean isReasoned(Trace trace) {
        String domain = trace.domain();
        return domain == null ? trace.reference() != null : REASONED.contains(domain.toLowerCase(Locale.ROOT));
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
     * @throws IllegalArgumentException if there are some of one kind that has a share, and none of another: nothing has these proportions
     */
    public SortedMap<String, Long> quotas(Map<String, Long> there) {
        SortedMap<String, Long> named = new TreeMap<>(there);
        named.keySet().retainAll(shares.keySet());
        named.values().removeIf(count -> count == 0);
        if (!named.isEmpty() && named.size() < shares.size()) {
            Set<String> none = new TreeSet<>(shares.keySet());
            none.removeAll(named.keySet());
            throw new IllegalArgumentException("curate.mix: every kind with a share must have traces that are left to"
                    + " choose from; there are " + named + " and none of " + String.join(", ", none)
                    + "; add such traces, or take the kind out of curate.mix.shares");
        }
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
