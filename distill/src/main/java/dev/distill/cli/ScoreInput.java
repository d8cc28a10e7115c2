package dev.distill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.student.model.ModelConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text to score.
 *
 * @param ids its tokens
 * @param from the first token that counts, at least 1: nothing comes before the first
 */
record ScoreInput(int[] ids, int from) {
    private static final int MOST_PROBLEMS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Looks through a whole file before any work is done. Returns the lines to score; all problems at once. */
    static long check(Path file) throws IOException {
        List<String> problems = new ArrayList<>();
        long lines = 0;
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                lines++;
                if (!isWellFormed(line) && problems.size() < MOST_PROBLEMS) {
                    problems.add("line " + number
                            + ": must be an object with text, with prompt and completion, or with ids (a list of at"
                            + " least one whole number)");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(file + ":\n  " + String.join("\n  ", problems));
        }
        return lines;
    }

    private static boolean isWellFormed(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            JsonNode ids = json.path("ids");
            return json.path("text").isTextual()
                    || json.path("prompt").isTextual()
                            && json.path("completion").isTextual()
                    || ids.isArray() && !ids.isEmpty() && ids.valueStream().allMatch(JsonNode::isInt);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Reads a well-formed line. */
    static ScoreInput of(JsonNode json, Tokenizer tokenizer, ModelConfig model) {
        ScoreInput input;
        if (json.has("ids")) {
            input = new ScoreInput(
                    json.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray(), 1);
        } else if (json.has("text")) {
            input = new ScoreInput(tokenizer.encode(json.path("text").asText()), 1);
        } else {
            int[] prompt = tokenizer.encode(json.path("prompt").asText());
            int[] completion = tokenizer.encode(json.path("completion").asText());
            input = new ScoreInput(
                    IntStream.concat(IntStream.of(prompt), IntStream.of(completion))
                            .toArray(),
                    Math.max(1, prompt.length));
        }
        if (input.ids.length > model.maxPositions()) {
            throw new IllegalArgumentException("score: a text has " + input.ids.length + " tokens, the model takes "
                    + model.maxPositions() + "; cut it: " + shortened(json));
        }
        if (IntStream.of(input.ids).anyMatch(id -> id < 0 || id >= model.vocabulary())) {
            throw new IllegalArgumentException("score: ids must be from 0 to " + (model.vocabulary() - 1)
                    + ", the model's vocabulary: " + shortened(json));
        }
        return input;
    }

    private static String shortened(JsonNode json) {
        String text = json.toString();
        return text.length() > 80 ? text.substring(0, 80) + " ..." : text;
    }
}
