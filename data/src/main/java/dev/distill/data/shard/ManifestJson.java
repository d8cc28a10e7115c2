package dev.distill.data.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A manifest as JSON. Keys that are not known are passed over, so that a newer minor version can add some. */
final class ManifestJson {
    private static final String FORMAT = "distill.manifest";
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ManifestJson() {}

    static String write(Manifest manifest) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT).put("version", VERSION);
        root.put("stage", manifest.stage()).put("created_by", manifest.createdBy());
        root.put("schema", manifest.schema());
        manifest.settings().forEach(root.putObject("settings")::put);
        files(root.putArray("inputs"), manifest.inputs());
        files(root.putArray("outputs"), manifest.outputs());
        manifest.counts().forEach(root.putObject("counts")::put);
        root.put("started_at", manifest.startedAt().toString());
        root.put("finished_at", manifest.finishedAt().toString());
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
        }
    }

    private static void files(ArrayNode array, List<FileEntry> entries) {
        for (FileEntry entry : entries) {
            ObjectNode node = array.addObject();
            node.put("path", entry.path()).put("bytes", entry.bytes()).put("sha256", entry.sha256());
            entry.rows().ifPresent(rows -> node.put("rows", rows));
        }
    }

    static Manifest read(Path file, byte[] json) throws IOException {
        try {
            JsonNode root = JSON.readTree(json);
            if (!FORMAT.equals(root.path("format").asText())) {
                throw new IllegalArgumentException("its format must be \"" + FORMAT + "\"");
            }
            int version = root.path("version").asInt();
            if (version != VERSION) {
                throw new ShardException(
                        file,
                        "has format version " + version + ", this program reads version " + VERSION,
                        "use the version of Distill that wrote it, or a newer one");
            }
            return new Manifest(
                    text(root, "stage"),
                    text(root, "created_by"),
                    text(root, "schema"),
                    map(root, "settings", JsonNode::asText),
                    files(root, "inputs"),
                    files(root, "outputs"),
                    map(root, "counts", JsonNode::asLong),
                    Instant.parse(text(root, "started_at")),
                    Instant.parse(text(root, "finished_at")));
        } catch (JsonProcessingException
                | CharConversionException
                | IllegalArgumentException
                | DateTimeParseException e) {
            throw new ShardException(
                    file, "is no valid manifest (" + e.getMessage() + ")", "restore it, or run the stage again", e);
        }
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " must be a string, got " + value);
        }
        return value.asText();
    }

    private static long number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " must be a whole number, got " + value);
        }
        return value.asLong();
    }

    private static <T> SortedMap<String, T> map(JsonNode node, String name, Function<JsonNode, T> value) {
        SortedMap<String, T> map = new TreeMap<>();
        node.path(name).properties().forEach(entry -> map.put(entry.getKey(), value.apply(entry.getValue())));
        return map;
    }

    private static List<FileEntry> files(JsonNode root, String name) {
        List<FileEntry> entries = new ArrayList<>();
        for (JsonNode node : root.path(name)) {
            entries.add(new FileEntry(
                    text(node, "path"),
                    number(node, "bytes"),
                    text(node, "sha256"),
                    node.has("rows") ? OptionalLong.of(number(node, "rows")) : OptionalLong.empty()));
        }
        return entries;
    }
}
