package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.work.InOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * chosen among by its facts ({@link Selection}), and then the traces are read once more, each with its decision. What is kept
 * depends neither on the number of threads nor on the order of the traces.
 *
 * <p>Memory: some hundred bytes a trace. What does not fit, verdicts and shingles, lies on the disk meanwhile: about as much as the
 * texts. A run is for one thread; make one for each.
 */
public final class Curation {
    /** Greater with each change by which a check finds another thing in the same trace: what was curated before is curated again. */
    public static final int VERSION = 4;

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

    /** Where the traces come from: opened twice, and the same each time. Their own verdicts are {@link GivenVerdicts}. */
    @FunctionalInterface
    public interface Source {
        Stream<Trace> open() throws IOException;
    }

    /** What hears the decisions, in the order of the input, on the calling thread. */
    @FunctionalInterface
    public interface Sink {
        void take(Decision decision) throws IOException;
    }

    /** Runs a curation of traces about which nothing was found apart. */
    public static CurationReport run(CurationSettings settings, Source source, Path scratch, Sink sink)
            throws IOException {
        return run(settings, source, List.of(), scratch, sink);
    }

    /**
     * Runs a curation.
     *
     * @param apart folders with what checks that ran apart have found out about these traces, each in their order
     * @param scratch an existing folder for files that go at the end; two curations at a time need two
     */
    public static CurationReport run(
            CurationSettings settings, Source source, List<Path> apart, Path scratch, Sink sink) throws IOException {
        Curation curation = new Curation(settings);
        try (VerdictFile verdicts = new VerdictFile(scratch.resolve(".verdicts.tmp"));
                ShingleFile traces = new ShingleFile(scratch.resolve(".shingles.tmp"));
                ShingleFile prompts = new ShingleFile(scratch.resolve(".prompts.tmp"))) {
            ShingleFiles shingles = new ShingleFiles(traces, prompts);
            curation.examine(source, apart, verdicts, shingles);
            @Nullable Fate[] fates = curation.selection(shingles).choose(curation.passed);
            curation.decide(source, verdicts, fates, sink);
            return curation.tally.report(settings.explain() ? curation.alone(shingles) : null);
        }
    }

    /** Shingles of traces and of their prompts, by place. */
    private record ShingleFiles(ShingleFile traces, ShingleFile prompts) {
        void add(Examined examined) throws IOException {
            traces.addOrSkip(examined.shingles());
            prompts.addOrSkip(examined.promptShingles());
        }

        void written() throws IOException {
            traces.written();
            prompts.written();
        }
    }

    /** A trace, and what was found out about it apart. */
    private record Verified(Trace trace, List<Verdict> apart) {}

    /** Traces with what was found out about them apart. */
    private record VerifiedTraces(Iterator<Trace> traces, ApartVerdicts verdicts) implements Iterator<Verified> {
        @Override
        public boolean hasNext() {
            return traces.hasNext();
        }

        @Override
        public Verified next() {
            Trace trace = traces.next();
            try {
                return new Verified(trace, verdicts.of(trace));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void examine(Source source, List<Path> folders, VerdictFile verdicts, ShingleFiles shingles)
            throws IOException {
        Examiner examiner = new Examiner(settings);
        try (Stream<Trace> traces = source.open();
                ApartVerdicts apart = new ApartVerdicts(folders)) {
            Iterator<Verified> all = new VerifiedTraces(traces.iterator(), apart);
            new InOrder(settings.threads()).run(all, one -> examiner.examine(one.trace(), one.apart()), examined -> {
                int place = facts.size();
                tally.examined(examined);
                facts.add(examined.facts());
                count(examined.facts());
                verdicts.add(examined.trace().verdicts());
                shingles.add(examined);
                if (examined.passed()) {
                    passed.set(place);
                } else {
                    Verdict first = examined.failures().getFirst();
                    failures.put(place, new Fate(first.by(), first.reason()));
                }
            });
            apart.end();
        }
        shingles.written();
    }

    private void count(Facts trace) {
        if (settings.passRate() == null) {
            return;
        }
        PassRate.Count one = PassRate.Count.of(trace.correct());
        passes.merge(trace.prompt(), one, PassRate.Count::plus);
    }

    private Selection selection(ShingleFiles shingles) {
        return new Selection(settings, facts, passes, shingles.traces(), shingles.prompts());
    }

    /** Reads the traces once more, and hands each on with what becomes of it. */
    private void decide(Source source, VerdictFile verdicts, @Nullable Fate[] fates, Sink sink) throws IOException {
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

    private Map<String, Long> alone(ShingleFiles shingles) throws IOException {
        Map<String, Long> alone = new LinkedHashMap<>();
        for (Selection.Step step : Selection.Step.values()) {
            alone.put(step.reason, selection(shingles).alone(step));
        }
        return alone;
    }
}
