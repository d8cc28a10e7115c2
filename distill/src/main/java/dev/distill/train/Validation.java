package dev.distill.train;

import dev.distill.data.pack.Batch;
import dev.distill.data.pack.Batches;
import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Packing;
import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.student.model.Decoder;
import dev.distill.student.ops.LossSum;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Samples that are never trained on, packed into rows, each domain's apart. The rows are made one by one, each time that they are measured. */
public final class Validation {
    /** Where no validation loss is wanted. */
    public static final Validation NONE = new Validation(new TreeMap<>());

    /** Domains that are told apart; the smaller ones share {@link #OTHER}. */
    private static final int MOST_DOMAINS = 16;

    private static final String OTHER = "other";
    private static final Samples NOTHING = Samples.of(List.of());

    private final SortedMap<String, Batches> rows;

    private Validation(SortedMap<String, Batches> rows) {
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
        Map<String, Samples> held = new TreeMap<>();
        samples.forEach((domain, some) -> held.put(domain, Samples.of(some)));
        return of(held, rowTokens, Packing.OverLong.DROP);
    }

    /**
     * Samples by their domain. A domain of which nothing fits into a row is left out.
     *
     * @param rowTokens the most tokens of one row
     * @param overLong what becomes of those that are longer than a row
     */
    public static Validation of(Map<String, Samples> samples, int rowTokens, Packing.OverLong overLong) {
        SortedMap<String, Batches> rows = new TreeMap<>();
        few(samples).forEach((domain, some) -> {
            boolean fits = overLong == Packing.OverLong.SPLIT
                    ? some.size() > 0
                    : IntStream.range(0, some.size()).anyMatch(i -> some.length(i) <= rowTokens);
            if (fits) {
                rows.put(
                        domain, new Batches(some, new Packing(rowTokens, new Packing.Count(some.size()), overLong, 0)));
            }
        });
        return new Validation(rows);
    }

    /** The largest domains, and all others as one. */
    private static Map<String, Samples> few(Map<String, Samples> samples) {
        if (samples.size() <= MOST_DOMAINS) {
            return samples;
        }
        List<String> largest = samples.keySet().stream()
                .sorted(Comparator.comparing((String domain) ->
                                -samples.getOrDefault(domain, NOTHING).size())
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_DOMAINS - 1)
                .toList();
        Map<String, Samples> few = new LinkedHashMap<>();
        new TreeMap<>(samples)
                .forEach((domain, some) -> few.merge(largest.contains(domain) ? domain : OTHER, some, Samples::and));
        return few;
    }

    /** What the model makes of it now. */
    Losses losses(Decoder model) {
        LossSum all = LossSum.ZERO;
        SortedMap<String, Double> byDomain = new TreeMap<>();
        for (Map.Entry<String, Batches> domain : rows.entrySet()) {
            LossSum sum = LossSum.ZERO;
            for (Iterator<Packed> packed =
                            domain.getValue().rows(Batch.Cursor.START).iterator();
                    packed.hasNext(); ) {
                sum = sum.plus(model.loss(PackedBatches.row(packed.next(), RowTeacher.NONE)));
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
