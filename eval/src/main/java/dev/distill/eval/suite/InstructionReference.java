package dev.distill.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an answer must obey, as the reference of a question: {@code {"instructions": [{"id": .., "arguments": {..}}]}} (docs/evaluation.md). */
final class InstructionReference {
    private InstructionReference() {}

    static String of(Row row, TaskColumns columns) {
        JsonNode ids = list(row, columns.instructions());
        JsonNode arguments = list(row, columns.arguments());
        if (ids.isEmpty() || ids.size() != arguments.size()) {
            throw new IllegalArgumentException(columns.instructions() + " and " + columns.arguments()
                    + ": must be lists of the same length, of one at least; got " + ids.size() + " and "
                    + arguments.size());
        }
        ObjectNode reference = Row.JSON.createObjectNode();
        ArrayNode instructions = reference.putArray("instructions");
        for (int i = 0; i < ids.size(); i++) {
            ObjectNode given = Row.JSON.createObjectNode();
            arguments.get(i).properties().forEach(one -> {
                if (!one.getValue().isNull()) { // a table has a column for every argument of every kind
                    given.set(one.getKey(), one.getValue());
                }
            });
            instructions.addObject().put("id", ids.get(i).asText()).set("arguments", given);
        }
        return reference.toString();
    }

    private static JsonNode list(Row row, String column) {
        JsonNode value = row.at(column);
        return value.isTextual() ? Row.json(value.asText()) : value;
    }
}
