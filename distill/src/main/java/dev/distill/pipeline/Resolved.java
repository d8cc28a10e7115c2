package dev.distill.pipeline;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * Every value that a recipe came to, with its origin, and every problem that was found on the way. Filled while the
 * sections are read; printed by {@code --print-resolved} and kept as {@code resolved.yaml} beside what the run makes.
 */
final class Resolved {
    /** Where a value comes from. */
    enum Origin {
        FILE,
        OPTION,
        DEFAULT
    }

    /**
     * One value.
     *
     * @param words one word, or the items of a list
     * @param list whether it is a list
     */
    record Value(List<String> words, boolean list, Origin origin) {
        Value {
            words = List.copyOf(words);
        }

        String text() {
            return list ? words.toString() : words.getFirst();
        }

        String yaml() {
            List<String> scalars = words.stream().map(Value::scalar).toList();
            return list ? scalars.toString() : scalars.getFirst();
        }

        String originWord() {
            return origin.name().toLowerCase(Locale.ROOT);
        }

        /** As it stands where YAML reads it back so, else in double quotes, which YAML reads as JSON does. */
        private static String scalar(String word) {
            boolean plain =
                    word.matches("[A-Za-z0-9/._+-]([A-Za-z0-9/._+ -]*[A-Za-z0-9/._+-])?") && !word.startsWith("- ");
            return plain && !word.equals("null") ? word : TextNode.valueOf(word).toString();
        }
    }

    private final SequencedMap<String, Value> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    void put(String path, String word, Origin origin) {
        values.put(path, new Value(List.of(word), false, origin));
    }

    void put(String path, List<String> words, Origin origin) {
        values.put(path, new Value(words, true, origin));
    }

    void problem(String message) {
        problems.add(message);
    }

    List<String> problems() {
        return problems;
    }

    /** The values without their origins, by full key. */
    SequencedMap<String, String> texts() {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> texts.put(key, value.text()));
        return texts;
    }

    /** The recipe that these values are, each on a line that ends in its origin: {@code steps: 1000  # file}. */
    String toYaml() {
        SequencedMap<String, Object> tree = new LinkedHashMap<>();
        values.forEach((key, value) -> insert(tree, key, value));
        StringBuilder yaml = new StringBuilder();
        append(tree, "", yaml);
        return yaml.toString();
    }

    @SuppressWarnings("unchecked") // a node is a value or a map of nodes
    private static void insert(SequencedMap<String, Object> tree, String key, Value value) {
        String[] path = key.split("\\.");
        SequencedMap<String, Object> node = tree;
        for (int depth = 0; depth < path.length - 1; depth++) {
            node = (SequencedMap<String, Object>) node.computeIfAbsent(path[depth], k -> new LinkedHashMap<>());
        }
        node.put(path[path.length - 1], value);
    }

    @SuppressWarnings("unchecked")
    private static void append(SequencedMap<String, Object> node, String indent, StringBuilder yaml) {
        node.forEach((key, child) -> {
            yaml.append(indent).append(key).append(':');
            if (child instanceof Value value) {
                yaml.append(' ').append(value.yaml()).append("  # ").append(value.originWord());
                yaml.append('\n');
            } else {
                yaml.append('\n');
                append((SequencedMap<String, Object>) child, indent + "  ", yaml);
            }
        });
    }
}
