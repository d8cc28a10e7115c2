package dev.distill.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    record Value(String text, Origin origin) {}

    private final SequencedMap<String, Value> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    void put(String path, String text, Origin origin) {
        values.put(path, new Value(text, origin));
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

    /** The values as one line each: {@code path: value  # origin}, the top-level sections apart. */
    String toYaml() {
        StringBuilder yaml = new StringBuilder();
        List<String> open = List.of();
        for (var entry : values.entrySet()) {
            List<String> path = List.of(entry.getKey().split("\\."));
            int common = 0;
            while (common < path.size() - 1
                    && common < open.size()
                    && open.get(common).equals(path.get(common))) {
                common++;
            }
            for (int depth = common; depth < path.size() - 1; depth++) {
                yaml.append("  ".repeat(depth)).append(path.get(depth)).append(":\n");
            }
            open = path.subList(0, path.size() - 1);
            yaml.append("  ".repeat(path.size() - 1))
                    .append(path.getLast())
                    .append(": ")
                    .append(entry.getValue().text())
                    .append("  # ")
                    .append(entry.getValue().origin().name().toLowerCase(java.util.Locale.ROOT))
                    .append('\n');
        }
        return yaml.toString();
    }
}
