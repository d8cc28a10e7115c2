package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.shard.Manifest;
import dev.distill.eval.report.ReportFiles;
import dev.distill.pipeline.EvalStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code distill inspect} shows of a run's folder and of a stage's. */
final class RunFigures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunFigures() {}

    static boolean isRun(Path folder) throws IOException {
        return !stages(folder).isEmpty();
    }

    /** Stages and scores; each stage's own folder tells its settings. */
    static void describe(Path run, ObjectNode found) throws IOException {
        ObjectNode stages = found.putObject("stages");
        for (Path stage : stages(run)) {
            stages.set(stage.getFileName().toString(), manifest(stage).without("settings"));
        }
        scoresOfRun(run.resolve("eval"), found.putObject("scores"));
    }

    /** What a stage has written of itself. */
    static ObjectNode manifest(Path folder) throws IOException {
        Manifest manifest = Manifest.read(folder);
        ObjectNode json = JSON.createObjectNode()
                .put("stage", manifest.stage())
                .put("inputs", manifest.inputs().size())
                .put("outputs", manifest.outputs().size())
                .put("started_at", manifest.startedAt().toString())
                .put("finished_at", manifest.finishedAt().toString());
        if (!manifest.schema().isEmpty()) {
            json.put("schema", manifest.schema());
        }
        manifest.counts().forEach((name, count) -> json.withObject("counts").put(name, count));
        manifest.settings().forEach(json.putObject("settings")::put);
        return json;
    }

    /** A demo scores several models, a folder each; other runs one. */
    private static void scoresOfRun(Path folder, ObjectNode found) throws IOException {
        if (Files.exists(folder.resolve(EvalStage.SCORES))) {
            found.set("eval", scores(folder));
        } else if (Files.isDirectory(folder)) {
            try (Stream<Path> models = Files.list(folder)) {
                for (Path model : models.filter(each -> Files.exists(each.resolve(EvalStage.SCORES)))
                        .sorted()
                        .toList()) {
                    found.set(model.getFileName().toString(), scores(model));
                }
            }
        }
    }

    /** As {@code distill eval} gives them. */
    static ObjectNode scores(Path folder) throws IOException {
        ObjectNode scores = JSON.createObjectNode();
        OutcomeJson.scores(scores, EvalStage.read(folder));
        Path report = folder.resolve(ReportFiles.PAGE);
        if (Files.exists(report)) {
            scores.put("report", report.toString());
        }
        return scores;
    }

    /** The stages' folders, the one that began first at the front. */
    private static List<Path> stages(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> folders = files.filter(Manifest::isIn).sorted().toList();
            Map<Path, Instant> begun = new HashMap<>();
            for (Path each : folders) {
                begun.put(each, Manifest.read(each).startedAt());
            }
            return folders.stream().sorted(Comparator.comparing(begun::get)).toList();
        }
    }
}
