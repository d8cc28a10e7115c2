package dev.distill.data.curate;

import dev.distill.data.answer.Verifier;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a curation checks.
 *
 * @param filters each trace alone, in this order; the first that fails is the reason for dropping
 * @param exactDuplicates whether traces that repeat another, up to how lines end, are dropped
 * @param nearDuplicates what counts as nearly repeating; null to keep them
 * @param similarPrompts of which prompts only one's traces are kept; null for all
 * @param passRate how hard the prompts may be; null for any
 * @param choice how many traces of one prompt are kept; null for all
 * @param mix how much of each kind is kept; null for all
 * @param threads how many traces are looked at at once, 1 to 1,024; the outcome does not depend on it
 * @param examples dropped traces shown in the report for each reason, 0 to 100
 * @param explain whether to find out what each check alone would drop, which takes longer
 */
public record CurationSettings(
        List<FilterRule> filters,
        boolean exactDuplicates,
        @Nullable NearDuplicateSettings nearDuplicates,
        @Nullable SimilarPrompts similarPrompts,
        @Nullable PassRate passRate,
        @Nullable Choice choice,
        @Nullable Mix mix,
        int threads,
        int examples,
        boolean explain)
        implements Serializable {
    /** No filter, no step, all cores. */
    public static final CurationSettings NONE = new CurationSettings(
            List.of(), false, null, null, null, null, null, Runtime.getRuntime().availableProcessors(), 5, false);

    public CurationSettings {
        filters = List.copyOf(filters);
        Set<String> names = new HashSet<>();
        for (FilterRule rule : filters) {
            if (!names.add(rule.filter().name())) {
                throw new IllegalArgumentException("curate: each filter may stand once; got \""
                        + rule.filter().name() + "\" twice (two held-out sets with one name?)");
            }
        }
        if (threads < 1 || threads > 1_024 || examples < 0 || examples > 100) {
            throw new IllegalArgumentException(
                    "curate: threads must be 1 to 1024, examples 0 to 100; got " + threads + ", " + examples);
        }
    }

    /**
     * Everything, with its defaults: DeepSeek-R1's filters, identity and refusals, contamination by these sets, exact and
     * near duplicates; all right traces of a prompt are kept.
     */
    public static CurationSettings standard(Verifier verifier, List<HeldOutSet> heldOut) {
        return standard(verifier, new HeldOutSets(heldOut, Decontamination.Settings.STANDARD));
    }

    /** The same, with other bounds of what counts as contamination. */
    public static CurationSettings standard(Verifier verifier, HeldOutSets heldOut) {
        List<TraceFilter> filters = new ArrayList<>(List.of(
                new Finished(),
                NonEmpty.STANDARD,
                new Complete(),
                LengthOutlier.STANDARD,
                new NoSecrets(),
                new NoRefusal(),
                NoBoilerplate.STANDARD,
                new NoIdentityLeak(),
                Readability.STANDARD,
                Repetition.STANDARD,
                LanguageConsistency.STANDARD,
                new NoCodeBlocks(),
                new Correctness(verifier, Correctness.Undecided.DROP_WITH_REFERENCE)));
        filters.addAll(heldOut.filters());
        return NONE.withFilters(filters).withDuplicates(true, NearDuplicateSettings.STANDARD);
    }

    /** These filters, which drop. */
    public CurationSettings withFilters(List<TraceFilter> dropping) {
        return withRules(dropping.stream()
                .map(filter -> new FilterRule(filter, Set.of()))
                .toList());
    }

    private CurationSettings withRules(List<FilterRule> rules) {
        return with(draft -> draft.filters = rules);
    }

    /** These settings with this filter in place of the one of its name, which must be there. */
    public CurationSettings withFilter(TraceFilter filter) {
        if (!filterNames().contains(filter.name())) {
            throw new IllegalArgumentException(
                    "curate: no filter \"" + filter.name() + "\" to replace; there are " + filterNames());
        }
        return withRules(filters.stream()
                .map(old -> old.filter().name().equals(filter.name()) ? new FilterRule(filter, old.labelled()) : old)
                .toList());
    }

    /** These settings, in which failing under one of these names is a label and drops nothing; see {@link FilterRule}. */
    public CurationSettings labelling(Set<String> names) {
        return withRules(filters.stream()
                .map(rule -> new FilterRule(rule.filter(), names))
                .toList());
    }

    /** These settings without the filters of these names; {@code contamination} stands for all held-out sets. */
    public CurationSettings without(Set<String> names) {
        return withRules(filters.stream()
                .filter(rule -> !names.contains(FilterRule.family(rule.filter().name())))
                .toList());
    }

    /** The names of the filters, in their order. */
    public List<String> filterNames() {
        return filters.stream().map(rule -> rule.filter().name()).toList();
    }

    /** These settings with other traces that count as repeating another: false and null for none. */
    public CurationSettings withDuplicates(boolean exact, @Nullable NearDuplicateSettings near) {
        return with(draft -> {
            draft.exactDuplicates = exact;
            draft.nearDuplicates = near;
        });
    }

    /** These settings with other prompts that count as asking the same: null for none. */
    public CurationSettings withSimilarPrompts(@Nullable SimilarPrompts similar) {
        return with(draft -> draft.similarPrompts = similar);
    }

    /** These settings with another choice among what is left: null for no bound on the pass rate, the prompt, the mix. */
    public CurationSettings choosing(@Nullable PassRate newPassRate, @Nullable Choice newChoice, @Nullable Mix newMix) {
        return with(draft -> {
            draft.passRate = newPassRate;
            draft.choice = newChoice;
            draft.mix = newMix;
        });
    }

    public CurationSettings withChoice(Choice newChoice) {
        return choosing(passRate, newChoice, mix);
    }

    public CurationSettings withThreads(int newThreads) {
        return with(draft -> draft.threads = newThreads);
    }

    /** These settings, with what each check alone would drop in the report. */
    public CurationSettings explained() {
        return with(draft -> draft.explain = true);
    }

    private CurationSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** Settings of which some are about to change. */
    private static final class Draft {
        private List<FilterRule> filters;
        private boolean exactDuplicates;
        private @Nullable NearDuplicateSettings nearDuplicates;
        private @Nullable SimilarPrompts similarPrompts;
        private @Nullable PassRate passRate;
        private @Nullable Choice choice;
        private @Nullable Mix mix;
        private int threads;
        private final int examples;
        private boolean explain;

        Draft(CurationSettings from) {
            this.filters = from.filters;
            this.exactDuplicates = from.exactDuplicates;
            this.nearDuplicates = from.nearDuplicates;
            this.similarPrompts = from.similarPrompts;
            this.passRate = from.passRate;
            this.choice = from.choice;
            this.mix = from.mix;
            this.threads = from.threads;
            this.examples = from.examples;
            this.explain = from.explain;
        }

        CurationSettings settings() {
            return new CurationSettings(
                    filters,
                    exactDuplicates,
                    nearDuplicates,
                    similarPrompts,
                    passRate,
                    choice,
                    mix,
                    threads,
                    examples,
                    explain);
        }
    }
}
