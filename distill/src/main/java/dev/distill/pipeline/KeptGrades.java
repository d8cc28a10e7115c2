package dev.distill.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Hash;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A grader whose grades are written down as they are found, a line each, for running programs takes hours: after a kill or a Ctrl-C the same answer to the same tests is
 * not graded again. An error of the infrastructure is not kept, for it may be mended by then. Safe for several threads.
 */
final class KeptGrades implements Grader {
    /** In the folder of a task's answers. */
    static final String FILE = "grades.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Grader grader;
    private final Path file;
    private final String conditions;
    private final Stop stop;
    private final Map<String, JsonNode> kept;

    private KeptGrades(Grader grader, Path file, String conditions, Stop stop, Map<String, JsonNode> kept) {
        this.grader = grader;
        this.file = file;
        this.conditions = conditions;
        this.stop = stop;
        this.kept = kept;
    }

    /**
     * Goes on with what is kept in this folder.
     *
     * @param conditions all that decides a grade beside answer and reference
     * @param stop once true, nothing more is graded
     */
    static KeptGrades in(Path folder, Grader grader, String conditions, Stop stop) {
        Path file = folder.resolve(FILE);
        Map<String, JsonNode> kept = new ConcurrentHashMap<>();
        try {
            Files.createDirectories(folder);
            if (Files.exists(file)) {
                byte[] bytes = Files.readAllBytes(file);
                new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> take(line, kept));
                if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') { // a killed process has left half a line
                    Files.writeString(file, "\n", StandardOpenOption.APPEND);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new KeptGrades(grader, file, conditions, stop, kept);
    }

    private static void take(String line, Map<String, JsonNode> kept) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.path("key").isTextual() && node.path("grade").isTextual()) {
                kept.put(node.path("key").asText(), node);
            }
        } catch (JsonProcessingException e) {
            // the line that a killed process was writing: that answer is graded again
        }
    }

    @Override
    public Graded grade(Question question, Response response) {
        String key = key(question, response);
        JsonNode before = kept.get(key);
        if (before != null) {
            return new Graded(
                    response,
                    Grade.valueOf(before.path("grade").asText()),
                    before.path("answer").textValue(),
                    before.path("reason").asText());
        }
        stop.check("eval: stopped while answers were graded; all answers and " + kept.size()
                + " grades of the task are saved; the same command goes on from there");
        Graded graded = grader.grade(question, response);
        if (graded.grade() != Grade.INFRA_ERROR) {
            keep(key, graded);
        }
        return graded;
    }

    private String key(Question question, Response response) {
        return Hash.of(List.of(
                conditions,
                String.valueOf(question.prompt().reference()),
                response.answer(),
                response.finish().word(),
                String.valueOf(response.error())));
    }

    private void keep(String key, Graded graded) {
        ObjectNode node = JSON.createObjectNode()
                .put("key", key)
                .put("grade", graded.grade().name())
                .put("answer", graded.answer())
                .put("reason", graded.reason());
        synchronized (this) {
            kept.put(key, node);
            try {
                Files.writeString(file, node + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return grader.classes(question, responses);
    }
}
