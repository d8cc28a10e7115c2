package dev.distill.data.curate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks for what became of one trace in a curation's {@code decisions.jsonl}; holds one line in memory. */
public final class DecisionFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DecisionFile() {}

    /** The line of the trace of this id; empty where there is no such line, or no such file. A torn line is passed over. */
    public static Optional<JsonNode> find(Path file, String id) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(id) && line.endsWith("}")) {
                    Optional<JsonNode> decision = parsed(line);
                    if (decision.isPresent()
                            && decision.get().path("id").asText().equals(id)) {
                        return decision;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> parsed(String line) {
        try {
            return Optional.of(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
