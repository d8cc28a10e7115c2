package dev.distill.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.code.PackedTests;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tests of a program out of what data sets have, in the JSON of {@link dev.distill.eval.code.CodeProblem}: lists of {@code input} and {@code output}
 * (LiveCodeBench also packs them, see {@link PackedTests}), or Python statements that test a function (HumanEval's {@code check}).
 */
final class CodeReference {
    /** HumanEval's tests are a function of this name. */
    private static final Pattern CHECK = Pattern.compile("(?m)^def check\\(");

    /** Longer tests are packed until they are run. */
    private static final int SHORT = 16 << 10;

    private CodeReference() {}

    /** A row by which no answer can be graded. */
    static final class NoTests extends IllegalArgumentException {
        NoTests(String message) {
            super(message);
        }
    }

    static String of(Row row, TaskColumns columns) {
        boolean ready = columns.tests().isEmpty() && columns.testCode().isEmpty();
        if (ready) {
            return row.first(columns.reference(), "reference"); // one's own, as docs/formats.md has it
        }
        ObjectNode reference = Row.JSON.createObjectNode().put("language", "python");
        String function = row.text(columns.function());
        ArrayNode tests = Row.JSON.createArrayNode();
        ArrayNode packed = Row.JSON.createArrayNode();
        columns.tests().forEach(column -> add(row, column, tests, packed));
        String code = statements(row, columns, function);
        if (tests.isEmpty() && packed.isEmpty() && code.isEmpty()) {
            throw new NoTests("no tests in " + String.join(", ", columns.tests()) + columns.testCode());
        }
        if (!tests.isEmpty() || !packed.isEmpty()) {
            put(reference, tests, packed);
            if (!function.isEmpty()) {
                reference.put("fn_name", function);
            }
        }
        if (!code.isEmpty()) {
            reference.put("test_code", code);
        }
        limit(row, columns.timeLimit(), "time_limit_s", reference);
        limit(row, columns.memoryLimit(), "memory_limit_mib", reference);
        return reference.toString();
    }

    private static void put(ObjectNode reference, ArrayNode tests, ArrayNode packed) {
        String text = tests.toString();
        if (text.length() > SHORT) {
            packed.insert(0, PackedTests.pack(text));
        } else if (!tests.isEmpty()) {
            reference.set("tests", tests);
        }
        if (!packed.isEmpty()) {
            reference.set("packed_tests", packed);
        }
    }

    private static void limit(Row row, String column, String key, ObjectNode reference) {
        String value = row.text(column);
        if (!value.isEmpty()) {
            try {
                reference.put(key, Double.parseDouble(value));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(column + ": must be a number; got " + value, e);
            }
        }
    }

    /** @param packed gets what is packed in the data, which is looked into and not kept otherwise */
    private static void add(Row row, String column, ArrayNode tests, ArrayNode packed) {
        JsonNode value = row.at(column);
        String text = value.isTextual() ? value.asText().strip() : "";
        boolean isPacked = !text.isEmpty() && !text.startsWith("[") && !text.startsWith("{");
        if (value.isTextual()) {
            value = Row.json(isPacked ? PackedTests.unpack(column, text) : text);
        }
        if (value.path("inputs").isArray()) {
            value = paired(value.path("inputs"), value.path("outputs"));
            isPacked = false; // in another shape than a verifier reads
        }
        for (JsonNode test : value) {
            if (!test.has("input") || !test.has("output")) {
                throw new IllegalArgumentException(column + ": every test must have input and output; got " + test);
            }
            if (!isPacked) {
                ObjectNode one = tests.addObject();
                one.set("input", test.get("input"));
                one.set("output", test.get("output"));
            }
        }
        if (isPacked && !value.isEmpty()) {
            packed.add(text);
        }
    }

    private static JsonNode paired(JsonNode inputs, JsonNode outputs) {
        ArrayNode tests = Row.JSON.createArrayNode();
        for (int i = 0; i < inputs.size(); i++) {
            ObjectNode test = tests.addObject();
            test.set("input", inputs.get(i));
            if (outputs.has(i)) {
                test.set("output", outputs.get(i));
            }
        }
        return tests;
    }

    /** The statements, with what the question defines before its function, which the tests may use too. */
    private static String statements(Row row, TaskColumns columns, String function) {
        String code = row.text(columns.testCode());
        if (code.isBlank()) {
            return "";
        }
        if (CHECK.matcher(code).find()) {
            if (function.isEmpty()) {
                throw new IllegalArgumentException("has tests in a function check, but nothing in columns.function");
            }
            code = code + "\n\ncheck(" + function + ")\n";
        }
        return before(row.text(columns.prelude()), function) + code;
    }

    private static String before(String prelude, String function) {
        Matcher begins = Pattern.compile("(?m)^def\\s+" + Pattern.quote(function) + "\\b")
                .matcher(prelude);
        return !function.isEmpty() && begins.find() ? prelude.substring(0, begins.start()) : "";
    }
}
