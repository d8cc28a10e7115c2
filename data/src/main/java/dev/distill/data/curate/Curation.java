package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.work.InOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each of many traces whether it is kept: the filters look at each ({@link Examiner}, on all cores), what is left is
 * chosen among by its facts ({@link Selection}), and then the traces are read once more and each decision is told. The outcome
 * depends neither on the number of threads nor on the order of the traces.
 *
 * <p>Memory: some hundred bytes a trace. What does not fit, verdicts and shingles, lies on the disk meanwhile: about as much as the
 * texts. A run is for one thread; make one for each.
 */
public final class Curation {
    /** Greater with each change by which a check finds another thing in the same trace: what was curated before is curated again. */
    public static final int VERSION = 3;

    public static final String NEAR_DUPLICATE_PROMPT = "near_duplicate_prompt";
    public static final String DUPLICATE = "duplicate";
    public static final String NEAR_DUPLICATE = "near_duplicate";
    public static final String PASS_RATE = "pass_rate";
    public static final String PER_PROMPT = "per_prompt";
    public static final String MIX = "mix";

    private final CurationSettings settings;
    private final Tally tally;
    private final List<Facts> facts = new ArrayList<>();
    private final BitSet passed = new BitSet();
    private final Map<Integer, Fate> failures = new HashMap<>();
    private final Map<String, PassRate.Count> passes = new HashMap<>();

    private Curation(CurationSettings settings) {
        this.settings = settings;
        this.tally = new Tally(settings);
    }

    /** Where the traces come from: opened twice, and the same each time. */
    @FunctionalInterface
    public interface Source {
        Stream<Trace> open() throws IOException;
    }

    /** What hears the decisions, in the order of the input, on the calling thread. */
    @FunctionalInterface
    public interface Sink {
        void take(Decision decision) throws IOException;
    }

    /**
     * Runs a curation.
     *
     * @param scratch an existing folder for files that go at the end; two curations at a time need two
     */
    public static CurationReport run(CurationSettings settings, Source source, Path scratch, Sink sink)
            throws IOException {
        Curation curation = new Curation(settings);
        try (VerdictFile verdicts = new VerdictFile(scratch.resolve(".verdicts.tmp"));
                ShingleFile traces = new ShingleFile(scratch.resolve(".shingles.tmp"));
                ShingleFile prompts = new ShingleFile(scratch.resolve(".prompts.tmp"))) {
            Shelves shelves = new Shelves(traces, prompts);
            curation.examine(source, verdicts, shelves);
            @Nullable Fate[] fates = curation.selection(shelves).choose(curation.passed);
            curation.tell(source, verdicts, fates, sink);
            return curation.tally.report(settings.explain() ? curation.alone(shelves) : null);
        }
    }

    /** Shingles of traces and of their prompts, by place. */
    private record Shelves(ShingleFile traces, ShingleFile prompts) {
        void add(Examined examined) throws IOException {
            traces.addOrSkip(examined.shingles());
            prompts.addOrSkip(examined.promptShingles());
        }

        void written() throws IOException {
            traces.written();
            prompts.written();
        }
    }

    private void examine(Source source, VerdictFile verdicts, Shelves shelves) throws IOException {
        Examiner examiner = new Examiner(settings);
        try (Stream<Trace> traces = source.open()) {
            new InOrder(settings.threads()).run(traces.iterator(), examiner::examine, examined -> {
                int place = facts.size();
                tally.examined(examined);
                facts.add(examined.facts());
                count(examined.facts());
                verdicts.add(examined.trace().verdicts());
                shelves.add(examined);
                if (examined.passed()) {
                    passed.set(place);
                } else {
                    Verdict first = examined.failures().getFirst();
                    failures.put(place, new Fate(first.by(), first.reason()));
                }
            });
        }
        shelves.written();
    }

    private void count(Facts trace) {
        if (settings.passRate() == null) {
            return;
        }
        PassRate.Count one = PassRate.Count.of(trace.correct());
        passes.merge(trace.prompt(), one, PassRate.Count::plus);
    }

    private Selection selection(Shelves shelves) {
        return new Selection(settings, facts, passes, shelves.traces(), shelves.prompts());
    }

    /** Reads the traces once more, and tells what becomes of each. */
    private void tell(Source source, VerdictFile verdicts, @Nullable Fate[] fates, Sink sink) throws IOException {
        try (Stream<Trace> traces = source.open()) {
            Iterator<Trace> all = traces.iterator();
            for (int place = 0; place < facts.size(); place++) {
                Trace trace = all.next().withVerdicts(verdicts.next());
                Fate fate = failures.getOrDefault(place, fates[place]);
                Decision decision = fate == null
                        ? new Decision.Kept(place, trace)
                        : new Decision.Dropped(place, trace, fate.reason(), fate.detail());
                tally.decided(decision);
                sink.take(decision);
            }
        }
    }

    private Map<String, Long> alone(Shelves shelves) throws IOException {
        Map<String, Long> alone = new LinkedHashMap<>();
        for (Selection.Step step : Selection.Step.values()) {
            alone.put(step.reason, selection(shelves).alone(step));
        }
        return alone;
    }
}
