package dev.distill.eval.code;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
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

    private static final Pattern KEY = Pattern.compile("\"(?:tests|packed_tests|test_code)\"\\s*:");

    static final JsonMapper JSON = mapper();

    public CodeProblem {
        tests = List.copyOf(tests);
    }

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER) // a program may answer with a million digits
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(LONGEST_TEXT)
                        .maxNumberLength(LONGEST_TEXT)
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
            return json.has("tests") || json.has("packed_tests") || json.has("test_code")
                    ? Optional.of(of(json))
                    : Optional.empty();
        } catch (JsonProcessingException e) { // LaTeX begins so too
            return KEY.matcher(reference).find() ? Optional.of(unreadable()) : Optional.empty();
        }
    }

    private static CodeProblem unreadable() {
        return new CodeProblem(
                Language.PYTHON, List.of(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static CodeProblem of(JsonNode json) {
        Optional<Language> language = isAbsent(json.path("language"))
                ? Optional.of(Language.PYTHON)
                : Language.of(json.path("language").asText());
        List<CodeTest> tests;
        try {
            tests = language.isEmpty() ? List.of() : tests(json);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            tests = List.of(); // half of the tests decide nothing
        }
        return new CodeProblem(
                language.orElse(Language.PYTHON),
                tests,
                positive(json.path("tolerance")),
                positive(json.path("time_limit_s")),
                positive(json.path("memory_limit_mib")));
    }

    /** None if one has another shape than docs/formats.md says: an empty program must not pass for what nobody has read. */
    private static List<CodeTest> tests(JsonNode json) throws JsonProcessingException {
        JsonNode pairs = json.path("tests");
        JsonNode function = json.path("fn_name");
        if (!(isAbsent(pairs) || pairs.isArray()) || !(isAbsent(function) || function.isTextual())) {
            return List.of();
        }
        List<CodeTest> tests = new ArrayList<>();
        for (JsonNode pair : all(pairs, json.path("packed_tests"))) {
            JsonNode input = pair.path("input");
            JsonNode output = pair.path("output");
            if (!isAbsent(function) && (input.isArray() || input.isTextual()) && pair.has("output")) {
                tests.add(new CodeTest.Call(function.asText(), arguments(input), value(output)));
            } else if (isAbsent(function) && isText(input) && isText(output)) {
                tests.add(new CodeTest.Stdin(input.asText(), output.asText()));
            } else {
                return List.of();
            }
        }
        JsonNode code = json.path("test_code");
        if (isAbsent(code)) {
            return tests;
        }
        Optional<String> statements = statements(code);
        boolean mixed = tests.stream().anyMatch(CodeTest.Stdin.class::isInstance);
        if (statements.isEmpty() || mixed) { // a program that is started, or one that is called into: not both
            return List.of();
        }
        tests.add(new CodeTest.Statements(statements.get()));
        return tests;
    }

    /** Plain and packed ones. */
    private static List<JsonNode> all(JsonNode plain, JsonNode packed) throws JsonProcessingException {
        List<JsonNode> all = new ArrayList<>();
        plain.forEach(all::add);
        for (JsonNode text : packed) {
            JSON.readTree(PackedTests.unpack("packed_tests", text.asText())).forEach(all::add);
        }
        return all;
    }

    /** As data sets write that there is none. */
    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isTextual() && node.asText().isBlank());
    }

    /** A number is taken as its text. */
    private static boolean isText(JsonNode node) {
        return node.isTextual() || node.isNumber();
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
        JsonNode value = output.isTextual() ? JSON.readTree(output.asText()) : output;
        if (value.isMissingNode()) {
            throw new JsonParseException(null, "an empty text is no value");
        }
        return value;
    }

    /** A text, or a list of lines; empty if it is neither, or says nothing. */
    private static Optional<String> statements(JsonNode node) {
        List<String> lines = new ArrayList<>();
        for (JsonNode line : node.isArray() ? node : JSON.createArrayNode().add(node)) {
            if (!line.isTextual()) {
                return Optional.empty();
            }
            lines.add(line.asText());
        }
        return Optional.of(String.join("\n", lines)).filter(text -> !text.isBlank());
    }

    private static OptionalDouble positive(JsonNode node) {
        return node.isNumber() && node.asDouble() > 0 ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
