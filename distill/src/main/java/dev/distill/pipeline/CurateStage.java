package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.Decision;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictReader;
import dev.distill.data.trace.Trace;
import dev.distill.eval.code.CodeVerifier;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Traces to accepted traces. Beside the shards of what is kept, {@code decisions.jsonl} says for each trace what became of
 * it and why, and {@code report.json} counts.
 */
public final class CurateStage {
    public static final String DECISIONS = "decisions.jsonl";

    private static final String REPORT = "report.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private CurateStage() {}

    /**
     * @param progress hears how many traces have been decided on
     * @param stop asked after each of them; a curation that stops keeps nothing
     */
    public static CurationReport run(Recipe recipe, RunFolder run, LongConsumer progress, Stop stop)
            throws IOException {
        Path folder = run.curate();
        Harvested harvested = Harvested.of(recipe, run);
        List<FileEntry> inputs = new ArrayList<>(harvested.asInputs());
        for (Path file : recipe.curate().heldOut()) {
            inputs.add(FileEntry.of(file.toString(), file));
        }
        boolean verified = recipe.verify().isOn();
        if (verified) {
            inputs.add(VerifyStage.asInput(harvested, run));
        }
        Manifest plan = RunFolder.plan("curate", recipe.resolved().of("curate"), inputs);
        if (RunFolder.done(folder, plan).isPresent()) {
            return report(run).orElseThrow();
        }
        Files.createDirectories(folder);
        DatasetCard card = new DatasetCard(
                recipe.name() + ": curated traces", "other", "What is left of the harvest after curation.");
        try (TraceReader traces = harvested.open();
                VerdictReader verdicts =
                        verified ? VerdictFolder.of(run.verify()).open() : VerdictReader.none();
                TraceWriter kept = TraceWriter.replace(folder);
                BufferedWriter decisions = Files.newBufferedWriter(folder.resolve(DECISIONS))) {
            long[] count = {0};
            Set<String> apart = verified ? Set.of(CodeVerifier.NAME) : Set.of();
            CurationReport report = Curation.run(
                    recipe.curate().settings(apart), stream(new VerifiedTraces(traces, verdicts)), decision -> {
                        write(decision, kept, decisions);
                        progress.accept(++count[0]);
                        stop.check("curate: stopped; the same command begins this stage again");
                    });
            decisions.flush();
            AtomicFile.write(
                    folder.resolve(REPORT),
                    JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report) + "\n");
            kept.finish(plan.withCounts(Map.of("read", report.read(), "kept", report.kept())), card);
            return report;
        }
    }

    /** What the last curation of this run counted; empty where the traces were curated elsewhere. */
    static Optional<CurationReport> report(RunFolder run) throws IOException {
        Path file = run.curate().resolve(REPORT);
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), CurationReport.class)) : Optional.empty();
    }

    private static void write(Decision decision, TraceWriter kept, BufferedWriter decisions) {
        Trace trace = decision.trace();
        ObjectNode line = JSON.createObjectNode()
                .put("id", trace.id())
                .put("prompt_id", trace.promptId())
                .put("sample", trace.sample());
        try {
            switch (decision) {
                case Decision.Kept k -> {
                    kept.write(trace);
                    line.put("kept", true);
                }
                case Decision.Dropped dropped ->
                    line.put("kept", false).put("reason", dropped.reason()).put("detail", dropped.detail());
            }
            decisions.write(line.toString());
            decisions.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Trace> stream(Iterator<Trace> traces) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(traces, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }
}
