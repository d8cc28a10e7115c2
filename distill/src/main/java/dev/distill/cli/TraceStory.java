package dev.distill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.DecisionFile;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.StageInputs;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictReader;
import dev.distill.pipeline.CurateStage;
import dev.distill.pipeline.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What became of one trace in the stages of a run, from what the run has written. */
final class TraceStory {
    private TraceStory() {}

    /**
     * Where the traces of a run lie: those that it harvested, or that its stages were given to read; where none of these is found,
     * those that it kept.
     *
     * @return no folder where it has no traces, or is no run
     */
    static List<Path> traces(RunFolder run) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        if (Manifest.isIn(run.harvest())) {
            folders.add(run.harvest());
        }
        for (Path stage : List.of(run.verify(), run.judged(), run.curate())) {
            folders.addAll(StageInputs.traces(stage));
        }
        if (folders.isEmpty() && Manifest.isIn(run.curate())) {
            folders.add(run.curate());
        }
        return List.copyOf(folders);
    }

    /** Adds what the run knows of the trace of this id, under {@code verification}, {@code curation} and {@code training}. */
    static void tell(RunFolder run, String id, ObjectNode trace) throws IOException {
        verification(run, id, trace);
        Optional<JsonNode> found = DecisionFile.find(run.curate().resolve(CurateStage.DECISIONS), id);
        if (found.isPresent()) {
            JsonNode decision = found.get();
            ObjectNode curation = trace.putObject("curation")
                    .put("kept", decision.path("kept").asBoolean());
            for (String field : new String[] {"reason", "detail", "failed"}) {
                if (decision.has(field)) {
                    curation.set(field, decision.get(field));
                }
            }
            trace.put("training", training(run, decision.path("kept").asBoolean()));
        }
    }

    private static String training(RunFolder run, boolean kept) throws IOException {
        if (!kept || !Manifest.isIn(run.train())) {
            return "has no part in it";
        }
        String curated =
                Manifest.isIn(run.curate()) ? Manifest.read(run.curate()).outputsHash() : "";
        return Manifest.read(run.train()).inputs().stream()
                        .anyMatch(input -> input.sha256().equals(curated))
                ? "is among the traces that train read"
                : "train read another curation's traces";
    }

    /** Of programs that were run, and of a judge. */
    private static void verification(RunFolder run, String id, ObjectNode trace) throws IOException {
        verification(run.verify(), id, trace);
        verification(run.judged(), id, trace);
    }

    private static void verification(Path folder, String id, ObjectNode trace) throws IOException {
        try (VerdictReader verdicts = VerdictFolder.of(folder).open()) {
            for (TraceVerdict row = verdicts.next(); row != null; row = verdicts.next()) {
                if (row.traceId().equals(id)) {
                    trace.withArray("verification")
                            .addObject()
                            .put("by", row.verdict().by())
                            .put("outcome", row.verdict().outcome().word())
                            .put("reason", row.verdict().reason());
                }
            }
        }
    }
}
