package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How much of each kind is kept: as many traces as there are in these proportions. Which of a kind is drawn at random, always the same
 * ones for the same seed, whatever the order of the traces.
 *
 * @param by what tells the kinds apart
 * @param lengths bounds between kinds of length, in characters of reasoning and answer, rising; empty for other kinds
 * @param shares of each kind, by its name, above 0; kinds that are not named are left out
 * @param total traces at most; 0 for as many as the proportions allow
 * @param seed of the draw
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
     * Traces that are kept of each kind: all of them together no more than the total, and shared out by largest remainders (Hamilton's
     * method), of equal ones to the kind whose name comes first.
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
        return shared(most, sum, there);
    }

    private SortedMap<String, Long> shared(double most, double sum, Map<String, Long> there) {
        SortedMap<String, Long> quotas = new TreeMap<>();
        Map<String, Double> remainders = new HashMap<>();
        long left = whole(most);
        for (Map.Entry<String, Double> share : shares.entrySet()) {
            double ideal = most * share.getValue() / sum;
            long quota = Math.min(whole(ideal), there.getOrDefault(share.getKey(), 0L));
            quotas.put(share.getKey(), quota);
            remainders.put(share.getKey(), ideal - quota);
            left -= quota;
        }
        List<String> byRemainder = new ArrayList<>(quotas.keySet());
        byRemainder.sort(Comparator.comparing(kind -> -remainders.getOrDefault(kind, 0.0)));
        for (String kind : byRemainder) {
            if (left > 0 && quotas.getOrDefault(kind, 0L) < there.getOrDefault(kind, 0L)) {
                quotas.merge(kind, 1L, Long::sum);
                left--;
            }
        }
        return quotas;
    }

    /** The whole part; what falls short of a whole number by the rounding of doubles alone is one. */
    private static long whole(double number) {
        return (long) Math.floor(number * (1 + 1e-12));
    }

    /** A hash of a trace, by which those of a kind are sorted: the first of them are kept. */
    public String sortKey(CanonicalKey key) {
        return Hash.of(List.of(Long.toString(seed), key.id(), Integer.toString(key.sample()), key.content()));
    }

    /** Why a trace goes that was not drawn. */
    public String detail(String mixClass, long quota) {
        return shares.containsKey(mixClass)
                ? "the mix takes " + quota + " of " + mixClass
                : mixClass + " is no part of the mix";
    }
}
