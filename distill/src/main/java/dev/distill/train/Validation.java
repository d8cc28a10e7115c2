package dev.distill.train;

import dev.distill.data.pack.Packing;
import dev.distill.data.pack.Sample;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.LossSum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Samples that are never trained on, as rows, each domain's apart. */
public final class Validation {
    /** Where no validation loss is wanted. */
    public static final Validation NONE = new Validation(new TreeMap<>());

    /** Domains that are told apart; the smaller ones share {@link #OTHER}. */
    private static final int MOST_DOMAINS = 16;

    private static final String OTHER = "other";

    private final SortedMap<String, List<PackedRow>> rows;

    private Validation(SortedMap<String, List<PackedRow>> rows) {
        this.rows = rows;
    }

    /**
     * Losses in nats, means over the trained tokens.
     *
     * @param all over all domains; NaN where nothing was measured
     * @param byDomain empty where there is one domain alone
     */
    public record Losses(double all, SortedMap<String, Double> byDomain) {
        /** Not measured. */
        public static final Losses NONE = of(Double.NaN);

        public Losses {
            byDomain = Collections.unmodifiableSortedMap(new TreeMap<>(byDomain));
        }

        /** Of a validation set that is one domain. */
        public static Losses of(double all) {
            return new Losses(all, new TreeMap<>());
        }
    }

    /** Samples of one domain. */
    public static Validation of(List<Sample> samples, int rowTokens) {
        return of(Map.of("", samples), rowTokens);
    }

    /** Samples by their domain; those that are longer than a row are left out. */
    public static Validation of(Map<String, List<Sample>> samples, int rowTokens) {
        return of(samples, rowTokens, Packing.OverLong.DROP);
    }

    /**
     * Samples by their domain.
     *
     * @param rowTokens the most tokens of one row
     * @param overLong what becomes of those that are longer than a row
     */
    public static Validation of(Map<String, List<Sample>> samples, int rowTokens, Packing.OverLong overLong) {
        SortedMap<String, List<PackedRow>> rows = new TreeMap<>();
        few(samples).forEach((domain, some) -> rows.put(domain, PackedBatches.rows(some, rowTokens, overLong)));
        return new Validation(rows);
    }

    /** The largest domains, and all others as one. */
    private static Map<String, List<Sample>> few(Map<String, List<Sample>> samples) {
        if (samples.size() <= MOST_DOMAINS) {
            return samples;
        }
        List<String> largest = samples.keySet().stream()
                .sorted(Comparator.comparing((String domain) ->
                                -samples.getOrDefault(domain, List.of()).size())
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_DOMAINS - 1)
                .toList();
        Map<String, List<Sample>> few = new LinkedHashMap<>();
        new TreeMap<>(samples)
                .forEach((domain, some) -> few.computeIfAbsent(
                                largest.contains(domain) ? domain : OTHER, name -> new ArrayList<>())
                        .addAll(some));
        return few;
    }

    /** What the model makes of it now. */
    Losses losses(Decoder model) {
        LossSum all = LossSum.ZERO;
        SortedMap<String, Double> byDomain = new TreeMap<>();
        for (Map.Entry<String, List<PackedRow>> domain : rows.entrySet()) {
            LossSum sum = LossSum.ZERO;
            for (PackedRow row : domain.getValue()) {
                sum = sum.plus(model.loss(row));
            }
            all = all.plus(sum);
            if (sum.count() > 0) {
                byDomain.put(domain.getKey(), sum.sum() / sum.count());
            }
        }
        if (all.count() == 0) {
            return Losses.NONE;
        }
        return new Losses(all.sum() / all.count(), rows.size() > 1 ? byDomain : new TreeMap<>());
    }
}
