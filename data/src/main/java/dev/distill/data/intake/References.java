package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Right answers out of what data sets have in place of them. */
final class References {
    /** A worked solution is longer. */
    private static final int SHORT = 100;

    private References() {}

    /** A solution that has its answer in a box, or is one; null for one with which nothing can be compared. */
    static @Nullable String inSolution(@Nullable String solution) {
        if (solution == null || solution.isBlank()) {
            return null;
        }
        boolean comparable = solution.contains("\\boxed") || solution.length() <= SHORT && !solution.contains("\n");
        return comparable ? Columns.reference(solution) : null;
    }

    /**
     * The tests of a program as docs/formats.md has them, out of {@code {"inputs": [..], "outputs": [..], "fn_name": ..}} (APPS, TACO), or a text that is
     * that; null for anything else.
     */
    static @Nullable String ofTests(JsonNode given) {
        JsonNode cases = given.isTextual() ? parsed(given.asText()) : given;
        JsonNode inputs = cases.path("inputs");
        JsonNode outputs = cases.path("outputs");
        if (!inputs.isArray() || inputs.isEmpty() || outputs.size() != inputs.size()) {
            return null;
        }
        ObjectNode reference = RowJson.READER.createObjectNode().put("language", "python");
        ArrayNode tests = reference.putArray("tests");
        for (int i = 0; i < inputs.size(); i++) {
            ObjectNode test = tests.addObject();
            test.set("input", inputs.get(i));
            test.set("output", outputs.get(i));
        }
        if (cases.path("fn_name").isTextual()) {
            reference.set("fn_name", cases.get("fn_name"));
        }
        return reference.toString();
    }

    private static JsonNode parsed(String text) {
        try {
            return RowJson.READER.readTree(text);
        } catch (JsonProcessingException e) {
            return RowJson.READER.missingNode();
        }
    }
}
