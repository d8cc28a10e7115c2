package dev.distill.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.distill.data.intake.ClosestName;
import dev.distill.hub.DataSource;
import dev.distill.hub.ModelSource;
import dev.distill.pipeline.Resolved.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a recipe, read key by key. Each reader notes the value with its origin, and a value that breaks a rule
 * as a problem that names the key, the rule, the value and what to write instead; reading goes on with the default, so
 * that all problems come out at once.
 */
final class Section {
    private final String path;
    private final Path base;
    private final JsonNode file;
    private final Map<String, String> options;
    private final Resolved resolved;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param path the section's own place, empty at the top
     * @param base the recipe's folder, from which the paths in it are seen
     * @param file the mapping in the file; a missing node where the file has none
     * @param options values by full path that replace the file's
     */
    Section(String path, Path base, JsonNode file, Map<String, String> options, Resolved resolved) {
        this.path = path;
        this.base = base;
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

    /** The mapping under this key; whether it is there tells {@link #has}. */
    Section section(String key) {
        known.add(key);
        return new Section(at(key), base, file.path(key), options, resolved);
    }

    /** Whether the file or an option says anything about this key. */
    boolean has(String key) {
        known.add(key);
        return file.hasNonNull(key)
                || options.keySet().stream()
                        .anyMatch(option -> option.equals(at(key)) || option.startsWith(at(key) + "."));
    }

    String text(String key, String fallback) {
        String found = raw(key);
        note(key, found, fallback);
        return found == null ? fallback : found;
    }

    @Nullable
    String text(String key) {
        String found = raw(key);
        if (found != null) {
            note(key, found, found);
        }
        return found;
    }

    /** A value that must be there. */
    String required(String key, String meaning) {
        String found = raw(key);
        if (found == null || found.isBlank()) {
            resolved.problem(at(key) + ": is missing; give " + meaning);
            return "";
        }
        note(key, found, found);
        return found;
    }

    int whole(String key, int fallback, int least, int most) {
        return (int) whole(key, (long) fallback, least, most);
    }

    long whole(String key, long fallback, long least, long most) {
        String found = raw(key);
        long value = fallback;
        if (found != null) {
            try {
                value = Long.parseLong(found.replace("_", ""));
            } catch (NumberFormatException e) {
                wrong(key, "a whole number from " + least + " to " + most, found);
            }
            if (value < least || value > most) {
                wrong(key, "a whole number from " + least + " to " + most, found);
                value = fallback;
            }
        }
        note(key, found, Long.toString(fallback));
        return value;
    }

    double real(String key, double fallback, double least, double most) {
        String found = raw(key);
        double value = fallback;
        if (found != null) {
            try {
                value = Double.parseDouble(found);
            } catch (NumberFormatException e) {
                value = Double.NaN;
            }
            if (!(value >= least && value <= most)) {
                wrong(key, "a number from " + least + " to " + most, found);
                value = fallback;
            }
        }
        note(key, found, Double.toString(fallback));
        return value;
    }

    boolean flag(String key, boolean fallback) {
        String found = raw(key);
        boolean value = fallback;
        if (found != null) {
            switch (found) {
                case "true" -> value = true;
                case "false" -> value = false;
                default -> wrong(key, "true or false", found);
            }
        }
        note(key, found, Boolean.toString(fallback));
        return value;
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
        String found = raw(key);
        note(key, found, word(fallback));
        if (found == null) {
            return fallback;
        }
        List<String> words = new ArrayList<>();
        for (E member : type.getEnumConstants()) {
            words.add(word(member));
            if (word(member).equals(found)) {
                return member;
            }
        }
        wrong(key, "one of " + String.join(", ", words), found);
        return fallback;
    }

    /** A list of words, written as a YAML list or with commas. */
    List<String> words(String key, List<String> fallback) {
        known.add(key);
        String option = options.get(at(key));
        List<String> found = null;
        if (option != null) {
            found = Arrays.stream(option.split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList();
        } else if (file.path(key).isArray()) {
            found = new ArrayList<>();
            for (JsonNode item : file.path(key)) {
                found.add(item.asText());
            }
        } else if (file.hasNonNull(key)) {
            found = List.of(file.path(key).asText());
        }
        resolved.put(
                at(key),
                found == null ? fallback : found,
                option != null ? Origin.OPTION : found != null ? Origin.FILE : Origin.DEFAULT);
        return found == null ? fallback : found;
    }

    /** A path: in the file seen from the recipe's folder, in an option from where the command was given. */
    @Nullable
    Path path(String key) {
        String found = text(key);
        return found == null ? null : path(key, found);
    }

    /** A model: a path, as {@link #path(String)} has it, if something is there, or else a hub id. */
    @Nullable
    ModelSource model(String key) {
        String found = text(key);
        return found == null ? null : ModelSource.of(found, path(key, found));
    }

    /** Files of data, or data sets of the hub; none where the key is missing. */
    List<DataSource> data(String key) {
        return words(key, List.of()).stream()
                .map(text -> DataSource.of(text, path(key, text)))
                .toList();
    }

    /** Paths, as {@link #path(String)} has them; none where the key is missing. */
    List<Path> paths(String key) {
        return words(key, List.of()).stream().map(text -> path(key, text)).toList();
    }

    /** The same for a text that was read otherwise. */
    Path path(String key, String text) {
        Path from = options.containsKey(at(key)) ? Path.of("") : base;
        return from.resolve(text).normalize();
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
            return new ObjectMapper().readTree(text).isMissingNode()
                    ? TextNode.valueOf(text).toString()
                    : text;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text).toString();
        }
    }

    /** A problem with this key that only its reader knows. */
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
            resolved.problem(at(key) + ": there is no such key"
                    + (close == null ? "; known here: " + String.join(", ", known) : "; did you mean " + close + "?"));
        }
    }

    private @Nullable String raw(String key) {
        known.add(key);
        String option = options.get(at(key));
        if (option != null) {
            return option;
        }
        JsonNode node = file.path(key);
        if (node.isContainerNode()) {
            resolved.problem(at(key) + ": must be one value; got " + node);
            return null;
        }
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    private void note(String key, @Nullable String found, String fallback) {
        Origin origin = options.containsKey(at(key)) ? Origin.OPTION : found == null ? Origin.DEFAULT : Origin.FILE;
        resolved.put(at(key), found == null ? fallback : found, origin);
    }

    private void wrong(String key, String rule, String found) {
        resolved.problem(at(key) + ": must be " + rule + "; got " + found);
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String word(Enum<?> member) {
        return member.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
