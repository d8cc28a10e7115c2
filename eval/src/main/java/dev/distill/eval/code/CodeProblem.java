package dev.distill.eval.code;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How answers to a code problem are tested: what the reference of its prompt says, in the JSON of docs/formats.md.
 *
 * @param language of programs whose fence names none
 * @param tests none where the reference gives none that can be read
 * @param tolerance by which numbers in an output may differ, absolutely or relatively; empty where they must be the same text
 * @param timeLimitS of each test, in place of the settings'
 * @param memoryLimitMib likewise
 */
public record CodeProblem(
        Language language,
        List<CodeTest> tests,
        OptionalDouble tolerance,
        OptionalDouble timeLimitS,
        OptionalDouble memoryLimitMib) {
    private static final int LONGEST_TEXT = 256 << 20;

    static final JsonMapper JSON = mapper();

    public CodeProblem {
        tests = List.copyOf(tests);
    }

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(LONGEST_TEXT)
                        .build());
        return mapper;
    }

    /** The problem in this reference; empty if it is the answer to a question of another kind. */
    public static Optional<CodeProblem> of(@Nullable String reference) {
        if (reference == null || !reference.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(reference);
            return json.has("tests") || json.has("test_code") ? Optional.of(of(json)) : Optional.empty();
        } catch (JsonProcessingException e) { // LaTeX begins so too
            return Optional.empty();
        }
    }

    private static CodeProblem of(JsonNode json) {
        List<CodeTest> tests = new ArrayList<>();
        String function = json.path("fn_name").asText("");
        try {
            for (JsonNode test : json.path("tests")) {
                JsonNode input = test.path("input");
                JsonNode output = test.path("output");
                tests.add(
                        function.isEmpty()
                                ? new CodeTest.Stdin(text(input), text(output))
                                : new CodeTest.Call(function, arguments(input), value(output)));
            }
        } catch (JsonProcessingException e) {
            tests.clear(); // half of the tests decide nothing
        }
        String statements = statements(json.path("test_code"));
        if (!statements.isBlank()) {
            boolean mixed = tests.stream().anyMatch(CodeTest.Stdin.class::isInstance);
            tests.add(new CodeTest.Statements(statements));
            if (mixed) { // a program that is started, or one that is called into: not both
                tests.clear();
            }
        }
        return new CodeProblem(
                Language.of(json.path("language").asText("")).orElse(Language.PYTHON),
                tests,
                positive(json.path("tolerance")),
                positive(json.path("time_limit_s")),
                positive(json.path("memory_limit_mib")));
    }

    private static String text(JsonNode node) {
        return node.isContainerNode() ? node.toString() : node.asText("");
    }

    /** A list of values; or a text with one value in JSON on each line. */
    private static List<JsonNode> arguments(JsonNode input) throws JsonProcessingException {
        List<JsonNode> values = new ArrayList<>();
        if (!input.isTextual()) {
            input.forEach(values::add);
            return values;
        }
        for (String line : input.asText().split("\n")) {
            if (!line.isBlank()) {
                values.add(JSON.readTree(line));
            }
        }
        return values;
    }

    /** A value; or a text that is one in JSON. */
    private static JsonNode value(JsonNode output) throws JsonProcessingException {
        return output.isTextual() ? JSON.readTree(output.asText()) : output;
    }

    /** A text, or a list of lines. */
    private static String statements(JsonNode node) {
        if (!node.isArray()) {
            return node.asText("");
        }
        List<String> lines = new ArrayList<>();
        node.forEach(line -> lines.add(line.asText()));
        return String.join("\n", lines);
    }

    private static OptionalDouble positive(JsonNode node) {
        return node.isNumber() && node.asDouble() > 0 ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
