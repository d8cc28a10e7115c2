package dev.distill.data.curate;

import dev.distill.data.curate.Decision.Dropped;
import dev.distill.data.curate.Decision.Kept;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each trace of a stream whether it is kept. One pass: the filters look at several traces at once, duplicates
 * and choice are decided in the order of the input, so that the outcome is the same whatever the number of threads.
 *
 * <p>Memory: a hash a trace, and the shingles of those that are kept. A run is for one thread; make one for each.
 */
public final class Curation {
    public static final String DUPLICATE = "duplicate";
    public static final String NEAR_DUPLICATE = "near_duplicate";
    public static final String PER_PROMPT = "per_prompt";

    private final CurationSettings settings;
    private final @Nullable NearDuplicates nearDuplicates;
    private final Map<String, String> seen = new HashMap<>();
    private final List<String> near = new java.util.ArrayList<>();
    private final PromptChoice choice;
    private final Tally tally;
    private long position;

    private Curation(CurationSettings settings, Consumer<Decision> sink) {
        this.settings = settings;
        this.nearDuplicates = settings.nearDuplicates() == null ? null : new NearDuplicates(settings.nearDuplicates());
        this.tally = new Tally(settings, sink);
        this.choice = new PromptChoice(settings.choice(), tally);
    }

    /**
     * Runs a curation.
     *
     * @param traces read once, in order, one at a time
     * @param sink told each decision, on the calling thread; in the order of the input, except that under {@link
     *     Choice.Order#SHORTEST} the kept traces come at the end, in their order
     */
    public static CurationReport run(CurationSettings settings, Stream<Trace> traces, Consumer<Decision> sink) {
        Curation curation = new Curation(settings, sink);
        Stream<Examined> examined = settings.threads() == 1
                ? traces.map(curation::examine)
                : traces.sequential().gather(Gatherers.mapConcurrent(settings.threads(), curation::examine));
        examined.forEachOrdered(curation::decide);
        curation.choice.finish();
        return curation.tally.report();
    }

    /** A trace with its verdicts, and what comparing it with others needs where none of them dropped it. */
    private record Examined(
            Trace trace, @Nullable Verdict failed, String text, NearDuplicates.@Nullable Fingerprint fingerprint) {}

    private Examined examine(Trace trace) {
        Trace examined = trace;
        Verdict failed = null;
        for (TraceFilter filter : settings.filters()) {
            Verdict verdict = filter.check(examined);
            if (!examined.verdicts().contains(verdict)) {
                examined = examined.with(verdict);
            }
            if (failed == null && verdict.outcome() == Verdict.Outcome.FAIL) {
                failed = verdict;
            }
        }
        if (failed != null) {
            return new Examined(examined, failed, "", null);
        }
        return new Examined(
                examined, null, folded(trace), nearDuplicates == null ? null : nearDuplicates.fingerprint(trace));
    }

    /** The name of a trace's text up to case and spaces. */
    private static String folded(Trace trace) {
        return Hash.of(Stream.of(trace.question(), trace.reasoning() == null ? "" : trace.reasoning(), trace.answer())
                .map(text -> text.toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", " "))
                .toList());
    }

    private void decide(Examined examined) {
        long here = position++;
        tally.read(examined.trace());
        if (examined.failed() != null) {
            Verdict failed = examined.failed();
            tally.drop(new Dropped(here, examined.trace(), failed.by(), failed.reason()));
            return;
        }
        String earlier = settings.exactDuplicates()
                ? seen.putIfAbsent(examined.text(), examined.trace().id())
                : null;
        if (earlier != null) {
            tally.drop(new Dropped(here, examined.trace(), DUPLICATE, "of trace " + earlier));
            return;
        }
        NearDuplicates.Fingerprint fingerprint = examined.fingerprint();
        if (nearDuplicates != null && fingerprint != null) {
            NearDuplicates.Match match = nearDuplicates.find(fingerprint);
            if (match != null) {
                String detail =
                        String.format(Locale.ROOT, "%.2f like trace %s", match.similarity(), near.get(match.earlier()));
                tally.drop(new Dropped(here, examined.trace(), NEAR_DUPLICATE, detail));
                return;
            }
            nearDuplicates.add(fingerprint);
            near.add(examined.trace().id());
        }
        choice.offer(new Kept(here, examined.trace()));
    }
}
