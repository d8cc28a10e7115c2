package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import dev.distill.data.pack.Samples;
import dev.distill.data.store.SampleStore;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.train.teach.TaughtSamples;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Samples to train on, and samples held back, never two of one prompt on both sides. Keeps their numbers alone. */
final class SampleSplit {
    private final SampleStore store;
    private final CuratedTraces curated;
    private final BitSet heldBack;
    private final int[] training;

    private SampleSplit(SampleStore store, CuratedTraces curated, BitSet heldBack) {
        this.store = store;
        this.curated = curated;
        this.heldBack = heldBack;
        this.training =
                IntStream.range(0, store.size()).filter(i -> !heldBack.get(i)).toArray();
    }

    /**
     * Splits a store.
     *
     * @param most samples to hold back, of which some must fit into a row for there to be a loss
     * @throws RecipeException if nothing that fits into a row is left to train on
     */
    static SampleSplit of(SampleStore store, CuratedTraces curated, TrainPart train, long seed) {
        BitSet heldBack = HeldBack.samples(
                store.size(), store::promptId, train.measuring().heldBack(), seed);
        SampleSplit split = new SampleSplit(store, curated, heldBack);
        boolean none = IntStream.of(split.training)
                .allMatch(i -> store.length(i) > train.batches().rowTokens());
        if (none && train.batches().overLong() == Packing.OverLong.DROP) {
            throw new RecipeException(
                    "train",
                    List.of("all of the " + split.training.length + " samples that are not held back for validation are"
                            + " longer than a row of " + train.batches().rowTokens()
                            + " tokens (train.row-tokens); make the rows"
                            + " longer, or set train.over-long to split"));
        }
        return split;
    }

    /** Those to train on. */
    Samples training() {
        return store.select(training);
    }

    /** Those to train on that a teacher must read, with their traces: not those that are left out, too long for a row. */
    TaughtSamples taught(TrainPart train) {
        boolean all = train.batches().overLong() == Packing.OverLong.SPLIT;
        return withTraces(IntStream.of(training)
                .filter(i -> all || store.length(i) <= train.batches().rowTokens())
                .toArray());
    }

    /** All of those to train on, with their traces. */
    TaughtSamples withTraces() {
        return withTraces(training);
    }

    private TaughtSamples withTraces(int[] numbers) {
        return new TaughtSamples(
                store.select(numbers), () -> curated.these(IntStream.of(numbers).map(store::trace)));
    }

    int validationSamples() {
        return heldBack.cardinality();
    }

    /** Those held back, by where their prompts come from. */
    SortedMap<String, Samples> validation() {
        Map<String, List<Integer>> bySource = heldBack.stream()
                .boxed()
                .collect(Collectors.groupingBy(store::source, TreeMap::new, Collectors.toList()));
        SortedMap<String, Samples> validation = new TreeMap<>();
        bySource.forEach((source, numbers) -> validation.put(
                source,
                store.select(numbers.stream().mapToInt(Integer::intValue).toArray())));
        return validation;
    }

    /** The prompts of the first of those held back, at most so many. Reads shards up to the last of them. */
    List<Prompt> asked(int most) throws IOException {
        Set<String> known = new HashSet<>();
        int[] first = heldBack.stream()
                .filter(i -> known.size() < most && known.add(store.promptId(i)))
                .map(store::trace)
                .toArray();
        if (first.length == 0) {
            return List.of();
        }
        try (Stream<Trace> traces = curated.these(IntStream.of(first))) {
            return traces.map(
                            trace -> new Prompt(trace.promptId(), trace.messages(), trace.reference(), trace.source()))
                    .toList();
        }
    }
}
