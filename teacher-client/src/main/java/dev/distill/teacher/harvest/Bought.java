package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.time.LocalDate;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was bought, all runs of a harvest together.
 *
 * @param units completed, those among them of prompts that are no longer asked
 * @param tokens prompt and reply
 * @param prompts how many of the tokens of prompts the provider's cache served
 * @param spent on all of it
 * @param byDay the same, by day (UTC)
 * @param byKey the same, by the label of the key that paid; the empty one is none, or not known
 */
public record Bought(
        int units,
        long tokens,
        CacheUse prompts,
        Money spent,
        SortedMap<LocalDate, Money> byDay,
        SortedMap<String, Money> byKey) {
    /**
     * Tokens of prompts, where the provider has counted them.
     *
     * @param read in all
     * @param cached of them, that its cache served
     */
    public record CacheUse(long read, long cached) {
        public static final CacheUse NONE = new CacheUse(0, 0);

        /** From 0 to 1; not a number where nothing was counted. */
        public double share() {
            return read == 0 ? Double.NaN : (double) cached / read;
        }

        CacheUse plus(long moreRead, long moreCached) {
            return new CacheUse(read + moreRead, cached + moreCached);
        }
    }

    public Bought {
        byDay = Collections.unmodifiableSortedMap(new TreeMap<>(byDay));
        byKey = Collections.unmodifiableSortedMap(new TreeMap<>(byKey));
    }

    /** Nothing yet. */
    public static Bought nothing(String currency) {
        return new Bought(0, 0, CacheUse.NONE, Money.zero(currency), new TreeMap<>(), new TreeMap<>());
    }
}
