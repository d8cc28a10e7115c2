package dev.distill.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The same figures that {@code --json} gives, as text for people. */
final class Figures {
    private static final String INDENT = "  ";

    private Figures() {}

    /** A name and a value a line, nested values indented. */
    static String text(JsonNode json) {
        StringBuilder text = new StringBuilder();
        append(text, json, "");
        return text.toString().stripTrailing();
    }

    private static void append(StringBuilder text, JsonNode json, String indent) {
        json.properties().forEach(entry -> {
            text.append(indent).append(entry.getKey()).append(':');
            value(text, entry.getValue(), indent);
        });
    }

    private static void value(StringBuilder text, JsonNode value, String indent) {
        if (value.isObject()) {
            text.append('\n');
            append(text, value, indent + INDENT);
        } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
            text.append('\n');
            for (JsonNode element : value) {
                text.append(indent).append("-\n");
                append(text, element, indent + INDENT);
            }
        } else {
            text.append(' ')
                    .append(value.isTextual() ? value.asText().replace("\n", "\n" + indent + INDENT) : value)
                    .append('\n');
        }
    }
}
