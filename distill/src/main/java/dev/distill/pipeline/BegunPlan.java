package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What decides the outcome of a stage that has begun: its settings, and what it reads. It lies in the stage's folder, so that a later start can say
 * what is other than it was.
 *
 * @param settings by their keys
 * @param inputs hashes by paths, in the order in which they are read
 */
record BegunPlan(Map<String, String> settings, Map<String, String> inputs) {
    private static final String FILE = "plan.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param ignored settings that do not decide the outcome */
    static BegunPlan of(Manifest plan, Set<String> ignored) {
        Map<String, String> settings = new TreeMap<>(plan.settings());
        settings.keySet().removeAll(ignored);
        Map<String, String> inputs = new LinkedHashMap<>();
        for (FileEntry input : plan.inputs()) {
            inputs.put(input.path(), input.sha256());
        }
        return new BegunPlan(settings, inputs);
    }

    /** Alike for plans that come to the same. */
    static String identity(Manifest plan, Set<String> ignored) {
        List<String> parts = new ArrayList<>();
        plan.settings().forEach((key, value) -> {
            if (!ignored.contains(key)) {
                parts.add(key + "=" + value);
            }
        });
        plan.inputs().forEach(input -> parts.add(input.sha256()));
        return Hash.of(parts);
    }

    /** The plan that began in this folder; empty where an earlier version did not write it down. */
    static Optional<BegunPlan> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode root = JSON.readTree(Files.readString(file));
        return Optional.of(new BegunPlan(map(root.path("settings")), map(root.path("inputs"))));
    }

    private static Map<String, String> map(JsonNode node) {
        Map<String, String> map = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    void write(Path folder) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        settings.forEach(root.putObject("settings")::put);
        inputs.forEach(root.putObject("inputs")::put);
        AtomicFile.write(folder.resolve(FILE), root.toPrettyString() + "\n");
    }

    /** What is other now, a phrase each: settings by their keys, with what they were and are, then inputs. */
    List<String> changes(BegunPlan now) {
        List<String> changes = new ArrayList<>();
        for (String key : keys(settings, now.settings)) {
            String before = settings.get(key);
            String after = now.settings.get(key);
            if (before == null) {
                changes.add(key + " is " + after + " and was not there");
            } else if (after == null) {
                changes.add(key + " was " + before + " and is not there any more");
            } else if (!before.equals(after)) {
                changes.add(key + " was " + before + " and is " + after);
            }
        }
        for (String path : keys(inputs, now.inputs)) {
            String before = inputs.get(path);
            String after = now.inputs.get(path);
            if (before == null) {
                changes.add("input " + path + " is new");
            } else if (after == null) {
                changes.add("input " + path + " is not read any more");
            } else if (!before.equals(after)) {
                changes.add("input " + path + " has another content");
            }
        }
        return changes;
    }

    private static Set<String> keys(Map<String, String> a, Map<String, String> b) {
        Set<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys;
    }
}
