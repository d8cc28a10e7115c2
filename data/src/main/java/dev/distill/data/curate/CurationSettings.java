package dev.distill.data.curate;

import dev.distill.data.answer.Verifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a curation checks.
 *
 * @param filters each trace alone, in this order; the first that fails is the reason for dropping
 * @param exactDuplicates whether traces that repeat an earlier one, up to case and spaces, are dropped
 * @param nearDuplicates what counts as nearly repeating; null to keep them
 * @param choice how many traces of one prompt are kept; null for all
 * @param threads how many traces are looked at at once, 1 to 1,024; the outcome does not depend on it
 * @param examples dropped traces shown in the report for each reason, 0 to 100
 */
public record CurationSettings(
        List<TraceFilter> filters,
        boolean exactDuplicates,
        @Nullable NearDuplicateSettings nearDuplicates,
        @Nullable Choice choice,
        int threads,
        int examples) {
    public CurationSettings {
        filters = List.copyOf(filters);
        Set<String> names = new HashSet<>();
        for (TraceFilter filter : filters) {
            if (!names.add(filter.name())) {
                throw new IllegalArgumentException("curate: each filter may stand once; got \"" + filter.name()
                        + "\" twice (two held-out sets with one name?)");
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
        List<TraceFilter> filters = new ArrayList<>(List.of(
                new Finished(),
                NonEmpty.STANDARD,
                new NoRefusal(),
                new NoIdentityLeak(),
                Readability.STANDARD,
                Repetition.STANDARD,
                LanguageConsistency.STANDARD,
                new NoCodeBlocks(),
                new Correctness(verifier, Correctness.Undecided.DROP_WITH_REFERENCE)));
        for (HeldOutSet set : heldOut) {
            filters.add(new Decontamination(set, Decontamination.Settings.STANDARD));
        }
        int threads = Runtime.getRuntime().availableProcessors();
        return new CurationSettings(filters, true, NearDuplicateSettings.STANDARD, null, threads, 5);
    }

    /** These settings with this filter in place of the one of its name, which must be there. */
    public CurationSettings withFilter(TraceFilter filter) {
        if (filters.stream().noneMatch(old -> old.name().equals(filter.name()))) {
            throw new IllegalArgumentException("curate: no filter \"" + filter.name() + "\" to replace; there are "
                    + filters.stream().map(TraceFilter::name).toList());
        }
        List<TraceFilter> replaced = filters.stream()
                .map(old -> old.name().equals(filter.name()) ? filter : old)
                .toList();
        return new CurationSettings(replaced, exactDuplicates, nearDuplicates, choice, threads, examples);
    }

    public CurationSettings withChoice(Choice newChoice) {
        return new CurationSettings(filters, exactDuplicates, nearDuplicates, newChoice, threads, examples);
    }

    public CurationSettings withThreads(int newThreads) {
        return new CurationSettings(filters, exactDuplicates, nearDuplicates, choice, newThreads, examples);
    }
}
