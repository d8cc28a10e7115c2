package dev.distill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A curation's {@code decisions.jsonl} as {@code distill inspect} shows it: how many for each reason, and the first. */
final class DecisionFigures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DecisionFigures() {}

    /** @param rows how many decisions to show */
    static void describe(Path file, ObjectNode found, int rows) throws IOException {
        long all = 0;
        long kept = 0;
        Map<String, Long> dropped = new TreeMap<>();
        ArrayNode shown = JSON.createArrayNode();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode decision = JSON.readTree(line);
                all++;
                if (decision.path("kept").asBoolean()) {
                    kept++;
                } else {
                    dropped.merge(decision.path("reason").asText(), 1L, Long::sum);
                }
                if (shown.size() < rows) {
                    shown.add(decision);
                }
            }
        }
        found.put("rows", all).put("kept", kept);
        dropped.forEach(found.putObject("dropped")::put);
        found.set("decisions", shown);
    }
}
