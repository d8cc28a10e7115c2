package dev.distill.dashboard;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the browser is told of a run's evaluation: {@code state}; {@code progress}, as the file has it, until it is done; of one that is done
 * {@code tasks}, as docs/evaluation-report.md has them but without their questions, and whether there is a {@code page}. A report is
 * read once and kept until its file changes. Used by one thread.
 */
final class EvaluationJson {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final String PROGRESS = "progress";
    private static final String FORMAT = "distill-evaluation";
    private static final int MOST_TASKS = 100;
    private static final int MOST_MODELS = 8;

    private final Map<Path, Kept> reports = new HashMap<>();

    /** The parts of report.json that are shown; the others are passed over unread. */
    private record Report(@Nullable String format, @Nullable List<TaskPart> tasks) {}

    private record TaskPart(
            @Nullable String task,
            @Nullable List<ModelPart> models,
            @Nullable JsonNode difference) {}

    private record ModelPart(
            @Nullable String model,
            int questions,
            int samples,
            @Nullable JsonNode pass_at_1,
            @Nullable JsonNode cons,
            @Nullable JsonNode grades,
            @Nullable JsonNode mean_tokens,
            @Nullable JsonNode spending) {}

    /** @param tasks null where the file is none of ours */
    private record Kept(
            FileTime changed, long bytes, @Nullable ArrayNode tasks) {}

    /** Empty where nothing has been evaluated, or not by this program. */
    Optional<ObjectNode> of(Run run) {
        ObjectNode progress = JsonFile.object(run.eval().resolve("progress.json"));
        OptionalLong worker = run.worker();
        boolean working = worker.isPresent()
                && progress.path("process").asLong(-1) == worker.getAsLong(); // a killed one may have left a file
        boolean over = Files.exists(run.eval().resolve(RunsFolder.MANIFEST));
        @Nullable ArrayNode tasks = over ? tasks(run.eval().resolve("report.json")) : null;
        if (tasks == null && progress.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = JSON.createObjectNode().put("state", RunsJson.state(tasks != null && !working, working));
        if (working || tasks == null) {
            json.set(PROGRESS, progress);
        }
        if (tasks != null) {
            json.set("tasks", tasks);
            json.put("page", Files.exists(run.report()));
        }
        return Optional.of(json);
    }

    private @Nullable ArrayNode tasks(Path report) {
        try {
            FileTime changed = Files.getLastModifiedTime(report);
            long bytes = Files.size(report);
            Kept kept = reports.get(report);
            if (kept == null || !kept.changed().equals(changed) || kept.bytes() != bytes) {
                kept = new Kept(changed, bytes, read(report));
                reports.put(report, kept);
            }
            return kept.tasks();
        } catch (NoSuchFileException e) {
            reports.remove(report);
            return null;
        } catch (IOException e) {
            return null; // it has just gone, or is not one of ours
        }
    }

    private static @Nullable ArrayNode read(Path file) {
        try {
            Report report = JSON.readValue(file.toFile(), Report.class);
            if (report == null || !FORMAT.equals(report.format()) || report.tasks() == null) {
                return null;
            }
            ArrayNode tasks = JSON.createArrayNode();
            report.tasks().stream()
                    .filter(Objects::nonNull)
                    .limit(MOST_TASKS)
                    .forEach(task -> put(tasks.addObject(), task));
            return tasks;
        } catch (IOException e) {
            return null; // it is none of ours
        }
    }

    private static void put(ObjectNode json, TaskPart task) {
        json.put("task", task.task() == null ? "" : task.task());
        ArrayNode models = json.putArray("models");
        List<ModelPart> all = task.models() == null ? List.of() : task.models();
        for (ModelPart model :
                all.stream().filter(Objects::nonNull).limit(MOST_MODELS).toList()) {
            ObjectNode own = models.addObject()
                    .put("model", model.model() == null ? "" : model.model())
                    .put("questions", model.questions())
                    .put("samples", model.samples());
            own.set("pass_at_1", model.pass_at_1());
            own.set("cons", model.cons());
            own.set("grades", model.grades());
            own.set("mean_tokens", model.mean_tokens());
            own.set("spending", model.spending());
        }
        if (task.difference() != null) {
            json.set("difference", task.difference());
        }
    }
}
