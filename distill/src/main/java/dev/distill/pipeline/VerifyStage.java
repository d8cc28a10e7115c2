package dev.distill.pipeline;

import dev.distill.data.answer.Verifier;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictJournal;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.work.InOrder;
import dev.distill.eval.code.CodeProblem;
import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.code.Reason;
import dev.distill.eval.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces to verdicts about the programs in their answers: those whose reference is a code problem are run in a sandbox, on all cores. Each verdict is on
 * the disk as soon as it is known, and a trace that has one is not run again, though the harvest may have grown, as long as its reference and answer are
 * the same and this machine could run it; the curation takes it in place of its own.
 */
public final class VerifyStage {
    private static final Logger LOG = LoggerFactory.getLogger(VerifyStage.class);
    private static final String STOPPED =
            "verify: stopped; verdicts so far are kept, and the same command goes on after them";
    private static final String PASSED = "passed";
    private static final String READ = "read";
    private static final String VERIFIED = "verified";
    private static final String REASON = "reason_";

    private VerifyStage() {}

    /**
     * What was found.
     *
     * @param read traces
     * @param verified those whose reference is a code problem
     * @param reasons how often each reason's first word was given
     */
    public record Report(long read, long verified, SortedMap<String, Long> reasons) {
        long count(String reason) {
            return reasons.getOrDefault(reason, 0L);
        }

        public long passed() {
            return count(PASSED);
        }

        private static Report of(Manifest manifest) {
            SortedMap<String, Long> reasons = new TreeMap<>();
            manifest.counts().forEach((name, count) -> {
                if (name.startsWith(REASON)) {
                    reasons.put(name.substring(REASON.length()), count);
                }
            });
            return new Report(
                    manifest.counts().getOrDefault(READ, 0L), manifest.counts().getOrDefault(VERIFIED, 0L), reasons);
        }
    }

    /**
     * Runs it in a sandbox of this machine.
     *
     * @param progress hears how many verdicts there are
     * @param stop asked after each of them
     */
    static Report run(Recipe recipe, RunFolder run, LongConsumer progress, Stop stop) throws IOException {
        Manifest plan = plan(recipe, run);
        Optional<Manifest> done = RunFolder.done(run.verify(), plan);
        if (done.isPresent() && Report.of(done.get()).count(Reason.NO_TOOLCHAIN.word()) == 0) {
            return Report.of(done.get());
        }
        try (Sandbox sandbox = Sandbox.open()) {
            LOG.info("programs run in bubblewrap, counted by {}", sandbox.accounting());
            return run(
                    plan,
                    Harvested.of(recipe, run),
                    run,
                    new CodeVerifier(sandbox, recipe.verify().settings()),
                    progress,
                    stop);
        }
    }

    static Manifest plan(Recipe recipe, RunFolder run) throws IOException {
        Map<String, String> settings = new TreeMap<>(recipe.resolved().of("verify"));
        settings.keySet().removeIf(key -> key.startsWith(JudgePart.SECTION + ".")); // it judges apart
        settings.put("schema", VerdictFolder.SCHEMA); // verdicts of another version are moved aside
        return RunFolder.plan("verify", settings, Harvested.of(recipe, run).asInputs());
    }

    /** {@link #run(Recipe, RunFolder, LongConsumer, Stop)} by this verifier. */
    static Report run(
            Manifest plan, Harvested harvested, RunFolder run, Verifier verifier, LongConsumer progress, Stop stop)
            throws IOException {
        Path folder = run.verify();
        RunFolder.begin(folder, RunFolder.plan(plan.stage(), plan.settings(), List.of()), Set.of());
        VerdictFolder verdicts = VerdictFolder.of(folder);
        try (TraceReader traces = harvested.open();
                VerdictJournal journal = VerdictJournal.open(verdicts)) {
            Map<TraceVerdict.Key, TraceVerdict> earlier = Map.copyOf(journal.verdicts());
            List<TraceVerdict.Key> order = new ArrayList<>();
            long[] read = {0};
            new InOrder(Runtime.getRuntime().availableProcessors())
                    .<Trace, Optional<TraceVerdict>>run(
                            traces,
                            trace -> {
                                stop.check(STOPPED); // not after the seven others of a group
                                Optional<TraceVerdict> found = verdict(trace, earlier, verifier);
                                found.ifPresent(journal::append); // not after a slower one before it
                                return found;
                            },
                            found -> {
                                read[0]++;
                                if (found.isPresent()) {
                                    order.add(found.get().key());
                                    progress.accept(order.size());
                                }
                                stop.check(STOPPED);
                            });
            Map<String, Long> counts = counts(order, journal.verdicts(), read[0]);
            journal.drain(order);
            Manifest manifest = plan.withCounts(counts).finish(VerdictFolder.SCHEMA, verdicts.entries());
            manifest.write(folder);
            return Report.of(manifest);
        }
    }

    /** Empty for a trace that is about something else. */
    private static Optional<TraceVerdict> verdict(
            Trace trace, Map<TraceVerdict.Key, TraceVerdict> earlier, Verifier verifier) {
        TraceVerdict known = earlier.get(TraceVerdict.Key.of(trace));
        if (known != null
                && !word(known.verdict()).equals(Reason.NO_TOOLCHAIN.word())) { // the compiler may be there by now
            return Optional.of(known);
        }
        return CodeProblem.of(trace.reference()).isEmpty()
                ? Optional.empty()
                : Optional.of(TraceVerdict.of(trace, verifier.verify(trace)));
    }

    /** The one to count by. */
    private static String word(Verdict verdict) {
        return verdict.reason().split(":", 2)[0];
    }

    private static Map<String, Long> counts(
            List<TraceVerdict.Key> order, Map<TraceVerdict.Key, TraceVerdict> verdicts, long read) {
        Map<String, Long> counts = new TreeMap<>(Map.of(READ, read, VERIFIED, (long) order.size()));
        for (TraceVerdict.Key key : order) {
            TraceVerdict row = Objects.requireNonNull(verdicts.get(key), key::toString);
            counts.merge(REASON + word(row.verdict()), 1L, Long::sum);
        }
        return counts;
    }

    /**
     * The verdicts as an input of the curation.
     *
     * @throws IllegalArgumentException if there are none of this harvest
     */
    static FileEntry asInput(Harvested harvested, RunFolder run) throws IOException {
        List<String> read = harvested.asInputs().stream().map(FileEntry::sha256).toList();
        boolean there = false;
        if (Manifest.isIn(run.verify())) {
            Manifest manifest = Manifest.read(run.verify());
            there = manifest.schema().equals(VerdictFolder.SCHEMA)
                    && manifest.inputs().stream()
                            .map(FileEntry::sha256)
                            .toList()
                            .containsAll(read);
        }
        if (!there) {
            throw new IllegalArgumentException(
                    "curate: verify.sandbox is on, so the verdicts of this harvest must be in " + run.verify()
                            + "; there are none: run verify first, or set verify.sandbox to none");
        }
        return RunFolder.asInput(run.verify());
    }
}
