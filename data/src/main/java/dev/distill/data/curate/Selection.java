package dev.distill.data.curate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the traces that passed their filters, by their {@link Facts}: prompts that ask the same, duplicates, near duplicates, prompts that are too
 * easy or too hard, traces of a prompt, the mix. Each step works on what those before have left, in the order of {@link
 * CanonicalKey}, so that the outcome does not depend on the order of reading.
 */
final class Selection {
    private final CurationSettings settings;
    private final List<Facts> facts;
    private final Map<String, PassRate.Count> passes;
    private final ShingleStore shingles;
    private final ShingleStore promptShingles;

    /** All places, in canonical order. */
    private final int[] order;

    /** Of those that have gone so far, why. */
    private final @Nullable Fate[] fates;

    private BitSet remaining = new BitSet();

    /**
     * @param facts of each trace, by its place in the input
     * @param passes of each prompt, by {@link Facts#prompt}
     * @param shingles by place
     * @param promptShingles those of the traces' prompts, by place
     */
    Selection(
            CurationSettings settings,
            List<Facts> facts,
            Map<String, PassRate.Count> passes,
            ShingleStore shingles,
            ShingleStore promptShingles) {
        this.settings = settings;
        this.facts = facts;
        this.passes = passes;
        this.shingles = shingles;
        this.promptShingles = promptShingles;
        this.order = IntStream.range(0, facts.size())
                .boxed()
                .sorted(Comparator.comparing(place -> facts.get(place).key()))
                .mapToInt(Integer::intValue)
                .toArray();
        this.fates = new Fate[facts.size()];
    }

    /** Runs all steps on those that passed; by place, why it goes, null for those that stay. */
    @Nullable
    Fate[] choose(BitSet passed) throws IOException {
        remaining = (BitSet) passed.clone();
        for (Step step : Step.values()) {
            run(step);
        }
        return fates;
    }

    /** How many a step alone would take of all traces. */
    long alone(Step step) throws IOException {
        remaining = new BitSet();
        remaining.set(0, facts.size());
        run(step);
        return facts.size() - remaining.cardinality();
    }

    /** The steps, in their order. */
    enum Step {
        SIMILAR_PROMPTS(Curation.NEAR_DUPLICATE_PROMPT),
        DUPLICATES(Curation.DUPLICATE),
        NEAR_DUPLICATES(Curation.NEAR_DUPLICATE),
        PASS_RATE(Curation.PASS_RATE),
        PER_PROMPT(Curation.PER_PROMPT),
        MIX(Curation.MIX);

        /** What it drops for. */
        final String reason;

        Step(String reason) {
            this.reason = reason;
        }
    }

    private void run(Step step) throws IOException {
        switch (step) {
            case SIMILAR_PROMPTS -> dropSimilarPrompts();
            case DUPLICATES -> dropDuplicates();
            case NEAR_DUPLICATES -> dropNearDuplicates();
            case PASS_RATE -> dropByPassRate();
            case PER_PROMPT -> choosePerPrompt();
            case MIX -> mix();
        }
    }

    private IntStream inOrder() {
        BitSet now = (BitSet) remaining.clone();
        return IntStream.of(order).filter(now::get);
    }

    private void drop(int place, Fate fate) {
        fates[place] = fate;
        remaining.clear(place);
    }

    /** The traces of a prompt stay or go together; the first of those that are left stands for it. */
    private void dropSimilarPrompts() throws IOException {
        if (settings.similarPrompts() == null) {
            return;
        }
        NearDuplicates near =
                new NearDuplicates(settings.similarPrompts().near(), rank -> promptShingles.get(order[rank]));
        Map<String, Integer> prompts = new HashMap<>();
        for (int rank = 0; rank < order.length; rank++) {
            Facts trace = facts.get(order[rank]);
            Facts.Fingerprint fingerprint = trace.promptFingerprint();
            if (remaining.get(order[rank])
                    && fingerprint != null
                    && prompts.putIfAbsent(trace.prompt(), rank) == null) {
                near.add(rank, fingerprint);
            }
        }
        for (int rank = 0; rank < order.length; rank++) {
            Integer prompt = prompts.get(facts.get(order[rank]).prompt());
            if (prompt != null && remaining.get(order[rank]) && near.first(prompt) != prompt) {
                String id = facts.get(order[near.first(prompt)]).key().id();
                drop(order[rank], Fate.similarPromptOf(id, near.similarity(prompt)));
            }
        }
    }

    private void dropDuplicates() {
        if (!settings.exactDuplicates()) {
            return;
        }
        Map<String, String> first = new HashMap<>();
        inOrder().forEach(place -> {
            Facts trace = facts.get(place);
            String earlier = first.putIfAbsent(trace.text(), trace.key().id());
            if (earlier != null) {
                drop(place, Fate.duplicateOf(earlier));
            }
        });
    }

    private void dropNearDuplicates() throws IOException {
        if (settings.nearDuplicates() == null) {
            return;
        }
        NearDuplicates near = new NearDuplicates(settings.nearDuplicates(), rank -> shingles.get(order[rank]));
        for (int rank = 0; rank < order.length; rank++) {
            Facts.Fingerprint fingerprint = facts.get(order[rank]).fingerprint();
            if (remaining.get(order[rank]) && fingerprint != null) {
                near.add(rank, fingerprint);
            }
        }
        for (int rank = 0; rank < order.length; rank++) {
            int first = near.first(rank);
            if (first != rank) {
                String id = facts.get(order[first]).key().id();
                drop(order[rank], Fate.nearDuplicateOf(id, near.similarity(rank)));
            }
        }
    }

    private void dropByPassRate() {
        PassRate rate = settings.passRate();
        if (rate == null) {
            return;
        }
        inOrder().forEach(place -> {
            String why = rate.refuse(passes.getOrDefault(facts.get(place).prompt(), PassRate.Count.NONE));
            if (why != null) {
                drop(place, new Fate(Curation.PASS_RATE, why));
            }
        });
    }

    private void choosePerPrompt() {
        Choice choice = settings.choice();
        if (choice == null) {
            return;
        }
        Map<String, List<Integer>> prompts = new HashMap<>();
        inOrder()
                .forEach(place -> prompts.computeIfAbsent(facts.get(place).prompt(), _ -> new ArrayList<>())
                        .add(place));
        for (List<Integer> prompt : prompts.values()) {
            prompt.sort(Comparator.comparing(facts::get, choice.comparator()));
            prompt.stream().skip(choice.perPrompt()).forEach(place -> drop(place, choice.noPlace()));
        }
    }

    private void mix() {
        Mix mix = settings.mix();
        if (mix == null) {
            return;
        }
        Map<String, Long> there = new HashMap<>();
        inOrder().forEach(place -> there.merge(facts.get(place).mixClass(), 1L, Long::sum));
        Map<String, Long> quotas = mix.quotas(there);
        Map<String, Long> taken = new HashMap<>();
        record Drawn(String sortKey, int place) {}
        inOrder()
                .mapToObj(place -> new Drawn(mix.sortKey(facts.get(place).key()), place))
                .sorted(Comparator.comparing(Drawn::sortKey).thenComparing(Drawn::place))
                .forEach(drawn -> {
                    String kind = facts.get(drawn.place()).mixClass();
                    long quota = quotas.getOrDefault(kind, 0L);
                    if (taken.merge(kind, 1L, Long::sum) > quota) {
                        drop(drawn.place(), new Fate(Curation.MIX, mix.detail(kind, quota)));
                    }
                });
    }
}
