package dev.distill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;

/** The same figures that {@code --json} gives, as text for people: fractions to six digits. */
final class Figures {
    private static final String INDENT = "  ";
    private static final MathContext DIGITS = new MathContext(6);

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
            text.append(' ').append(plain(value, indent)).append('\n');
        }
    }

    private static String plain(JsonNode value, String indent) {
        if (value.isFloatingPointNumber() && Double.isFinite(value.asDouble())) {
            return Double.toString(
                    new BigDecimal(value.asDouble()).round(DIGITS).doubleValue());
        }
        return value.isTextual() ? value.asText().replace("\n", "\n" + indent + INDENT) : value.toString();
    }
}
