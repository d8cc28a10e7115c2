package dev.distill.eval.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.distill.data.intake.PromptColumns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One row of a data set, by the names of its columns; a name with points leads inwards, also through a text that is JSON. */
record Row(JsonNode node) {
    private static final int LONGEST_TEXT = 512 << 20;

    static final JsonMapper JSON = mapper();

    private static JsonMapper mapper() {
        JsonMapper mapper = new JsonMapper();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(LONGEST_TEXT)
                        .maxNumberLength(LONGEST_TEXT)
                        .build());
        return mapper;
    }

    /** A missing node where the row has no such place. */
    JsonNode at(String column) {
        Optional<JsonNode> found = PromptColumns.at(node, column);
        int point = column.indexOf('.');
        if (found.isPresent() || point < 0) {
            return found.orElse(MissingNode.getInstance());
        }
        JsonNode outer = node.path(column.substring(0, point));
        return outer.isTextual()
                ? new Row(json(outer.asText())).at(column.substring(point + 1))
                : MissingNode.getInstance();
    }

    /** A missing node for what is no JSON. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether there is something: no null, no empty text, not false. */
    boolean has(String column) {
        JsonNode value = at(column);
        return !value.isMissingNode()
                && !value.isNull()
                && !(value.isTextual() && value.asText().isBlank())
                && !(value.isBoolean() && !value.asBoolean());
    }

    /** A text, or a number as it is written; empty for none. */
    String text(String column) {
        JsonNode value = column.isEmpty() ? MissingNode.getInstance() : at(column);
        return value.isValueNode() && !value.isNull() ? text(value) : "";
    }

    static String text(JsonNode value) {
        if (!value.isBigDecimal() && !value.isFloatingPointNumber()) {
            return value.isContainerNode() ? value.toString() : value.asText();
        }
        BigDecimal number = value.decimalValue();
        return number.scale() <= 0 || number.stripTrailingZeros().scale() > 0
                ? number.toString()
                : number.stripTrailingZeros().toPlainString();
    }

    /** The first of these columns that has something, or an error that says what there is. */
    String first(List<String> columns, String what) {
        for (String column : columns) {
            if (has(column)) {
                return text(at(column));
            }
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        throw new IllegalArgumentException("has nothing in " + String.join(", ", columns) + "; it has "
                + String.join(", ", names) + "; name the right one in columns." + what);
    }

    /** The data set's own name of the question; empty for none. */
    String id(TaskFile file) {
        return text(file.columns().id());
    }
}
