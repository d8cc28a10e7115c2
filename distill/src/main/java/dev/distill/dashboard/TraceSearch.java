package dev.distill.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.DecisionFile;
import dev.distill.data.curate.DropReasons;
import dev.distill.data.shard.ParquetRows;
import dev.distill.data.shard.StageInputs;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds one trace in the shards of a run: reads the column of ids, and then the rows of one shard up to the one that is wanted. Holds one
 * row group in memory.
 */
final class TraceSearch {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Characters of a text; a longer one is cut, and {@code cut} says so. */
    private static final int LONGEST = 200_000;

    private static final int MOST_MESSAGES = 50;

    private TraceSearch() {}

    /** The trace as the page shows it; empty where neither what the run began with nor, of one that is kept, the curation has it. */
    static Optional<ObjectNode> find(Run run, String id) throws IOException {
        Set<Path> folders = new LinkedHashSet<>(List.of(run.harvest()));
        folders.addAll(StageInputs.traces(run.curate())); // those that lie elsewhere
        folders.add(run.curate());
        for (Path folder : folders) {
            for (Path shard : shards(folder)) {
                long row = row(shard, id);
                if (row >= 0) {
                    ObjectNode told = told(trace(shard, row));
                    Optional<JsonNode> decision = DecisionFile.find(run.curate().resolve("decisions.jsonl"), id);
                    decision.ifPresent(found -> told.set("curation", decision(found)));
                    return Optional.of(told);
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> shards(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("traces-\\d+\\.parquet"))
                    .sorted()
                    .toList();
        } catch (FileSystemException e) {
            return List.of(); // it has just gone
        }
    }

    /** The place of the trace in the file, from 0; -1 where it is not there. */
    private static long row(Path shard, String id) throws IOException {
        try (ParquetRows ids = ParquetRows.open(shard, "id"::equals)) {
            Map<String, @Nullable Object> values = ids.next();
            for (long row = 0; values != null; row++, values = ids.next()) {
                if (id.equals(values.get("id"))) {
                    return row;
                }
            }
            return -1;
        }
    }

    private static Trace trace(Path shard, long row) throws IOException {
        try (TraceReader traces = TraceReader.openWithoutManifest(shard)) {
            for (long before = 0; before < row; before++) {
                traces.next();
            }
            return traces.next();
        }
    }

    private static ObjectNode told(Trace trace) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", trace.id())
                .put("prompt_id", trace.promptId())
                .put("sample", trace.sample())
                .put("source", trace.source())
                .put("teacher", trace.teacher())
                .put("finish_reason", trace.finish().word())
                .put("cost", trace.cost().toString());
        ArrayNode messages = json.putArray("messages");
        List<Message> all = trace.messages();
        for (Message message : all.subList(Math.max(0, all.size() - MOST_MESSAGES), all.size())) {
            put(messages.addObject().put("role", message.role().word()), "content", message.content());
        }
        put(json, "reasoning", trace.reasoning());
        put(json, "answer", trace.answer());
        put(json, "reference", trace.reference());
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable String text) {
        if (text != null && text.length() > LONGEST) {
            json.put(name, text.substring(0, LONGEST)).put("cut", true);
        } else {
            json.put(name, text);
        }
    }

    /** What became of it, and all checks that it fails with the value that decided. */
    private static ObjectNode decision(JsonNode line) {
        ObjectNode json = JSON.createObjectNode().put("kept", line.path("kept").asBoolean());
        if (line.has("reason")) {
            check(json, line.path("reason").asText(), line.path("detail").asText());
        }
        ArrayNode failed = json.putArray("failed");
        line.path("failed")
                .properties()
                .forEach(check -> check(
                        failed.addObject(), check.getKey(), check.getValue().asText()));
        return json;
    }

    private static void check(ObjectNode json, String name, String detail) {
        json.put("reason", name).put("words", DropReasons.words(name));
        put(json, "detail", detail);
    }
}
