package dev.distill.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All that decides a run's numbers, but for the weights that it begins with, by name: a checkpoint of another run is told
 * from one's own, and the message can say what is another.
 *
 * @param parts name to value, both for a person to read
 */
record RunIdentity(SequencedMap<String, String> parts) {
    /** The most characters that a message shows of a value. */
    private static final int SHORT = 200;

    RunIdentity {
        parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
    }

    void writeTo(ObjectNode node) {
        parts.forEach(node::put);
    }

    static RunIdentity read(JsonNode node) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> parts.put(entry.getKey(), entry.getValue().asText()));
        return new RunIdentity(parts);
    }

    /** What of a saved run is not so here: {@code steps was 30, is 40}. Empty where the run is the same. */
    List<String> differencesFrom(RunIdentity saved) {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, String> part : parts.entrySet()) {
            String before = saved.parts.get(part.getKey());
            if (!part.getValue().equals(before)) {
                differences.add(part.getKey() + " was " + shortened(before == null ? "not there" : before) + ", is "
                        + shortened(part.getValue()));
            }
        }
        for (Map.Entry<String, String> part : saved.parts.entrySet()) {
            if (!parts.containsKey(part.getKey())) {
                differences.add(part.getKey() + " was " + shortened(part.getValue()) + ", is not there");
            }
        }
        return differences;
    }

    private static String shortened(String value) {
        return value.length() <= SHORT ? value : value.substring(0, SHORT) + "...";
    }
}
