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
import org.jspecify.annotations.Nullable;

/**
 * A text to score.
 *
 * @param ids its tokens
 * @param from the first token that counts, at least 1: nothing comes before the first
 */
record ScoreInput(int[] ids, int from) {
    private static final int MOST_PROBLEMS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is wrong with a line; null where nothing is. */
    @FunctionalInterface
    private interface Rule {
        @Nullable
        String broken(String line) throws JsonProcessingException;
    }

    /** Looks through a whole file before a model is opened. Returns the lines to score; all problems at once. */
    static long check(Path file) throws IOException {
        return check(
                file,
                line -> isWellFormed(line)
                        ? null
                        : "must be an object with text, with prompt and completion, or with ids (a list of at least one whole"
                                + " number)");
    }

    /** Looks for ids that this model has not, through a whole file of well-formed lines; all problems at once. */
    static void check(Path file, ModelConfig model) throws IOException {
        check(
                file,
                line -> JSON.readTree(line)
                        .path("ids")
                        .valueStream()
                        .filter(id -> id.asInt() < 0 || id.asInt() >= model.vocabulary())
                        .findFirst()
                        .map(id -> "ids must be from 0 to " + (model.vocabulary() - 1)
                                + ", the model's vocabulary; got " + id)
                        .orElse(null));
    }

    private static long check(Path file, Rule rule) throws IOException {
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
                String broken = problems.size() < MOST_PROBLEMS ? rule.broken(line) : null;
                if (broken != null) {
                    problems.add("line " + number + ": " + broken);
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

    /**
     * Reads a well-formed line.
     *
     * @param place of the line, for messages
     */
    static ScoreInput of(String place, JsonNode json, Tokenizer tokenizer, ModelConfig model) {
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
            throw new IllegalArgumentException(place + ": has " + input.ids.length + " tokens, the model takes "
                    + model.maxPositions() + "; cut it: " + shortened(json));
        }
        int highest = IntStream.of(input.ids).max().orElse(0);
        if (highest >= model.vocabulary()) { // of a tokenizer that is not the model's
            throw new IllegalArgumentException(
                    place + ": its token " + highest + " is beyond the model's vocabulary of " + model.vocabulary()
                            + "; is the tokenizer the model's own? " + shortened(json));
        }
        return input;
    }

    private static String shortened(JsonNode json) {
        String text = json.toString();
        return text.length() > 80 ? text.substring(0, 80) + " ..." : text;
    }
}
