package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Decision;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Traces to accepted traces. Beside the shards of what is kept, {@code decisions.jsonl} says for each trace what became of
 * it and why, {@code report.json} counts, {@code README.md} says it to people, and {@code progress.json} how far it is.
 */
public final class CurateStage {
    public static final String DECISIONS = "decisions.jsonl";

    private static final String REPORT = "report.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private CurateStage() {}

    /**
     * Curates, unless the same was done before.
     *
     * @param progress hears how many traces have been looked at
     * @param stop asked before each of them; a curation that stops keeps nothing
     */
    public static CurationReport run(Recipe recipe, RunFolder run, LongConsumer progress, Stop stop)
            throws IOException {
        return run(recipe, run, false, progress, stop);
    }

    /** {@link #run(Recipe, RunFolder, LongConsumer, Stop)}, which finds out on demand what each check alone would drop. */
    static CurationReport run(Recipe recipe, RunFolder run, boolean explain, LongConsumer progress, Stop stop)
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
            Curation.Source source = watched(input, both, stop);
            Work work = sink -> Curation.run(settings, source, folder, decision -> {
                sink.take(decision);
                told.decided();
            });
            CurationReport report = done ? counted(folder, work) : kept(recipe.name(), plan, folder, work);
            told.done();
            return report;
        }
    }

    /** The curation, settled but for whoever hears the decisions. */
    @FunctionalInterface
    private interface Work {
        CurationReport into(Curation.Sink sink) throws IOException;
    }

    /** Leaves what is kept as it is. */
    private static CurationReport counted(Path folder, Work work) throws IOException {
        CurationReport report = work.into(_ -> {});
        write(report, folder);
        return report;
    }

    private static CurationReport kept(String recipe, Manifest plan, Path folder, Work work) throws IOException {
        try (TraceWriter kept = TraceWriter.replace(folder);
                BufferedWriter decisions = Files.newBufferedWriter(folder.resolve(DECISIONS))) {
            CurationReport report = work.into(decision -> write(decision, kept, decisions));
            decisions.flush();
            write(report, folder);
            kept.finish(
                    plan.withCounts(Map.of("read", report.read(), "kept", report.kept())),
                    CurationCard.of(recipe, report));
            return report;
        }
    }

    private static Manifest plan(Recipe recipe, CurationInput input) throws IOException {
        List<FileEntry> inputs = new ArrayList<>(input.asInputs());
        for (Path file : recipe.curate().heldOut()) {
            inputs.add(FileEntry.of(file.toString(), file));
        }
        return RunFolder.plan(
                "curate",
                recipe.curate().promptSimilarity() == 0
                        ? recipe.resolved().of("curate")
                        : recipe.resolved().of("curate", "prompts.template"),
                inputs);
    }

    /** The traces; how far the first reading is, is told. */
    private static Curation.Source watched(CurationInput input, LongConsumer progress, Stop stop) {
        AtomicLong furthest = new AtomicLong();
        return () -> {
            AtomicLong count = new AtomicLong();
            return input.open().peek(_ -> {
                stop.check("curate: stopped; the same command begins this stage again");
                progress.accept(furthest.accumulateAndGet(count.incrementAndGet(), Math::max));
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
        Trace trace = decision.trace();
        ObjectNode line = JSON.createObjectNode()
                .put("id", trace.id())
                .put("prompt_id", trace.promptId())
                .put("sample", trace.sample());
        switch (decision) {
            case Decision.Kept _ -> {
                kept.write(trace);
                line.put("kept", true);
            }
            case Decision.Dropped dropped ->
                line.put("kept", false).put("reason", dropped.reason()).put("detail", dropped.detail());
        }
        ObjectNode failures = line.objectNode();
        trace.verdicts().stream()
                .filter(verdict -> verdict.outcome() == Verdict.Outcome.FAIL)
                .forEach(verdict -> failures.put(verdict.by(), verdict.reason()));
        if (!failures.isEmpty()) {
            line.set("failed", failures);
        }
        decisions.write(line.toString());
        decisions.newLine();
    }
}
