package dev.distill.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.distill.data.intake.ClosestName;
import dev.distill.pipeline.Resolved.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of one mapping of a recipe as they were written, in the file or in an option that stands above it, and which of its keys were asked for. */
final class SectionValues {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String path;
    private final JsonNode file;
    private final Map<String, String> options;
    private final Resolved resolved;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param path the mapping's own place, empty at the top
     * @param file the mapping in the file; a missing node where the file has none
     * @param options values by full path that replace the file's
     */
    SectionValues(String path, JsonNode file, Map<String, String> options, Resolved resolved) {
        this.path = path;
        this.options = options;
        this.resolved = resolved;
        if (!file.isObject() && !file.isMissingNode() && !file.isNull()) {
            resolved.problem(path + ": must be a mapping of keys to values; got " + file);
            this.file = JsonNodeFactory.instance.missingNode();
        } else {
            this.file = file;
        }
        if (options.containsKey(path)) {
            resolved.problem(
                    path + ": holds keys of its own; give each as " + path + ".KEY=VALUE; got " + options.get(path));
        }
    }

    /** The mapping under this key. */
    SectionValues section(String key) {
        known.add(key);
        return new SectionValues(at(key), file.path(key), options, resolved);
    }

    boolean has(String key) {
        known.add(key);
        return file.hasNonNull(key)
                || options.keySet().stream()
                        .anyMatch(option -> option.equals(at(key)) || option.startsWith(at(key) + "."));
    }

    /** Whether an option says it. */
    boolean isOption(String key) {
        return options.containsKey(at(key));
    }

    /** The one value of this key; null where there is none. */
    @Nullable
    String text(String key) {
        known.add(key);
        String option = options.get(at(key));
        if (option != null) {
            return option;
        }
        JsonNode node = file.path(key);
        if (node.isContainerNode()) {
            problem(key, "must be one value; got " + node);
            return null;
        }
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    /** A list, written as a YAML list or with commas; null where there is none. */
    @Nullable
    List<String> words(String key) {
        known.add(key);
        String option = options.get(at(key));
        if (option != null) {
            return Arrays.stream(option.split(","))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
        if (file.path(key).isArray()) {
            List<String> found = new ArrayList<>();
            file.path(key).forEach(item -> found.add(item.asText()));
            return found;
        }
        return file.hasNonNull(key) ? List.of(file.path(key).asText()) : null;
    }

    /** All keys with their values in JSON, where the keys are not ours; a value that is no JSON is a text, without quotes. */
    SortedMap<String, String> fields() {
        SortedMap<String, String> fields = new TreeMap<>();
        file.properties().forEach(field -> {
            JsonNode value = field.getValue();
            field(field.getKey(), value.isContainerNode() ? value.toString() : value.asText(), Origin.FILE, fields);
        });
        String prefix = path + ".";
        options.forEach((option, value) -> {
            if (option.startsWith(prefix)) {
                field(option.substring(prefix.length()), value, Origin.OPTION, fields);
            }
        });
        known.addAll(fields.keySet());
        return fields;
    }

    private void field(String key, String text, Origin origin, SortedMap<String, String> fields) {
        fields.put(key, json(text));
        resolved.put(at(key), text, origin);
    }

    private static String json(String text) {
        try {
            return JSON.readTree(text).isMissingNode() ? TextNode.valueOf(text).toString() : text;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text).toString();
        }
    }

    /** Writes down what holds, with its origin. @param found what was given; null where the fallback holds */
    void note(String key, @Nullable String found, String fallback) {
        resolved.put(at(key), found == null ? fallback : found, origin(key, found != null));
    }

    /** The same for a list. */
    void note(String key, @Nullable List<String> found, List<String> fallback) {
        resolved.put(at(key), found == null ? fallback : found, origin(key, found != null));
    }

    private Origin origin(String key, boolean given) {
        return isOption(key) ? Origin.OPTION : given ? Origin.FILE : Origin.DEFAULT;
    }

    void problem(String key, String message) {
        resolved.problem(at(key) + ": " + message);
    }

    /** Every key has been read: one that is left over is a mistake, perhaps of typing. */
    void done() {
        Set<String> given = new LinkedHashSet<>();
        file.fieldNames().forEachRemaining(given::add);
        String prefix = path.isEmpty() ? "" : path + ".";
        options.keySet().stream()
                .filter(option -> option.startsWith(prefix))
                .map(option -> option.substring(prefix.length()).split("\\.")[0])
                .forEach(given::add);
        given.removeAll(known);
        for (String key : given) {
            String close = ClosestName.of(key, known);
            problem(
                    key,
                    "there is no such key"
                            + (close == null
                                    ? "; known here: " + String.join(", ", known)
                                    : "; did you mean " + close + "?"));
        }
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
