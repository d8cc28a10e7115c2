package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Decision;
import dev.distill.data.curate.DecisionLine;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.TextFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceCounts;
import dev.distill.data.shard.TraceShards;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.Trace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces to accepted traces. Beside the shards of what is kept, {@code decisions.jsonl} says for each trace what became of
 * it and why, {@code report.json} counts, {@code README.md} says it to people, and {@code progress.json} how far it is.
 */
public final class CurateStage {
    public static final String DECISIONS = CurationEngine.DECISIONS;

    private static final String REPORT = "report.json";
    private static final String STOPPED = "curate: stopped; the same command begins this stage again";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(CurateStage.class);

    private CurateStage() {}

    /**
     * Curates, unless the same was done before.
     *
     * @param progress hears how many traces have been looked at
     * @param stop asked before each of them; a curation that stops keeps nothing
     */
    public static CurationReport run(Recipe recipe, RunFolder run, LongConsumer progress, Stop stop)
            throws IOException {
        return run(recipe, run, false, CurationPlace.HERE, progress, stop);
    }

    /**
     * {@link #run(Recipe, RunFolder, LongConsumer, Stop)}, in some place, which finds out on demand what each check alone would drop.
     */
    static CurationReport run(
            Recipe recipe, RunFolder run, boolean explain, CurationPlace place, LongConsumer progress, Stop stop)
            throws IOException {
        Path folder = run.curate();
        CurationInput input = CurationInput.of(recipe, run);
        Manifest plan = plan(recipe, input);
        boolean done = RunFolder.done(folder, plan).isPresent();
        if (done) {
            CurationReport report = report(run).orElseThrow();
            if (!explain || report.alone() != null) {
                return report;
            }
        }
        Files.createDirectories(folder);
        PromptFormat asked = recipe.prompts().map(PromptsPart::format).orElse(PromptFormat.PLAIN);
        CurationSettings plain = recipe.curate().settings(input.apart(), asked);
        CurationSettings settings = explain ? plain.explained() : plain;
        try (CurateProgressFile told = new CurateProgressFile(folder, input.rows())) {
            LongConsumer both = count -> {
                progress.accept(count);
                told.lookedAt(count);
            };
            CurationWarnings warnings = place.isHere()
                    ? new CurationWarnings(
                            recipe.curate().verdicts(),
                            input.programs(),
                            input.traces().folders())
                    : new CurationWarnings(List.of(), true, List.of()); // no trace comes by here
            CurationReport report;
            if (place.isHere()) {
                Curation.Source source = watched(input, both, warnings, stop);
                Work work = sink -> Curation.run(settings, source, input.verdictFolders(), folder, decision -> {
                    sink.take(decision);
                    told.decided(1);
                });
                report = done ? counted(recipe.name(), folder, work) : kept(recipe.name(), plan, folder, work);
            } else {
                CurationEngine.Work work = new CurationEngine.Work(
                        settings,
                        input.traces().folders(),
                        input.verdictFolders(),
                        folder,
                        place.at(),
                        !done,
                        new EngineWatch(both, told, stop));
                report = elsewhere(CurationEngine.find(place.engine()), recipe.name(), plan, work);
            }
            told.done();
            warnings.lines(report).forEach(LOG::warn);
            return report;
        }
    }

    /** Hands what an engine tells to those who want to know. */
    private record EngineWatch(LongConsumer progress, CurateProgressFile told, Stop stop)
            implements CurationEngine.Watch {
        @Override
        public void lookedAt(long traces) {
            progress.accept(traces);
        }

        @Override
        public void decided(long more) {
            told.decided(more);
        }

        @Override
        public void check() {
            stop.check(STOPPED);
        }
    }

    private static CurationReport elsewhere(
            CurationEngine engine, String recipe, Manifest plan, CurationEngine.Work work) throws IOException {
        if (work.writes()) {
            TraceShards.begin(work.folder());
        }
        CurationEngine.Result result = engine.run(work);
        CurationReport report = result.report();
        write(report, work.folder());
        if (work.writes()) {
            TraceShards.finish(
                    work.folder(),
                    counted(plan, report),
                    CurationCard.of(recipe, report),
                    result.shards(),
                    result.counts());
        }
        return report;
    }

    private static Manifest counted(Manifest plan, CurationReport report) {
        return plan.withCounts(Map.of("read", report.read(), "kept", report.kept()));
    }

    /** The curation, settled but for whoever hears the decisions. */
    @FunctionalInterface
    private interface Work {
        CurationReport into(Curation.Sink sink) throws IOException;
    }

    /** Leaves what is kept as it is; report and card say more of it. */
    private static CurationReport counted(String recipe, Path folder, Work work) throws IOException {
        TraceCounts counts = new TraceCounts();
        CurationReport report = work.into(decision -> {
            if (decision instanceof Decision.Kept(long _, Trace trace)) {
                counts.add(trace);
            }
        });
        write(report, folder);
        AtomicFile.write(
                folder.resolve("README.md"), CurationCard.of(recipe, report).markdown(Manifest.read(folder), counts));
        return report;
    }

    private static CurationReport kept(String recipe, Manifest plan, Path folder, Work work) throws IOException {
        try (TraceWriter kept = TraceWriter.replace(folder);
                BufferedWriter decisions = TextFile.writer(folder.resolve(DECISIONS))) {
            CurationReport report = work.into(decision -> write(decision, kept, decisions));
            decisions.flush();
            write(report, folder);
            kept.finish(counted(plan, report), CurationCard.of(recipe, report));
            return report;
        }
    }

    private static Manifest plan(Recipe recipe, CurationInput input) throws IOException {
        List<FileEntry> inputs = new ArrayList<>(input.asInputs());
        for (Path file : recipe.curate().heldOut()) {
            inputs.add(FileEntry.of(file.toString(), file));
        }
        Map<String, String> settings = new TreeMap<>(
                recipe.curate().promptSimilarity() == 0
                        ? recipe.resolved().of("curate")
                        : recipe.resolved().of("curate", "prompts.template"));
        settings.put("checks", Integer.toString(Curation.VERSION));
        return RunFolder.plan("curate", settings, inputs);
    }

    /** The traces; how far the first reading is, is told. */
    private static Curation.Source watched(
            CurationInput input, LongConsumer progress, CurationWarnings warnings, Stop stop) {
        AtomicLong furthest = new AtomicLong();
        return () -> {
            AtomicLong count = new AtomicLong();
            return input.open().peek(trace -> {
                stop.check(STOPPED);
                long here = count.incrementAndGet();
                if (furthest.getAndAccumulate(here, Math::max) < here) {
                    warnings.see(trace);
                }
                progress.accept(furthest.get());
            });
        };
    }

    private static void write(CurationReport report, Path folder) throws IOException {
        AtomicFile.write(
                folder.resolve(REPORT),
                JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report) + "\n");
    }

    /** What the last curation of this run counted; empty where the traces were curated elsewhere. */
    static Optional<CurationReport> report(RunFolder run) throws IOException {
        Path file = run.curate().resolve(REPORT);
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), CurationReport.class)) : Optional.empty();
    }

    private static void write(Decision decision, TraceWriter kept, BufferedWriter decisions) throws IOException {
        if (decision instanceof Decision.Kept) {
            kept.write(decision.trace());
        }
        decisions.write(DecisionLine.of(decision));
        decisions.newLine();
    }
}
