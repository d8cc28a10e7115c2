package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A conversation as a list: {@code role} and {@code content}, or ShareGPT's {@code from} and {@code value}. A content may be a list of parts that are texts. A
 * system message without a word is none; the last message may be an empty reply, which a curation drops.
 */
final class Turns {
    /** @param node all of it, for what else it says */
    record Turn(Message message, JsonNode node) {}

    private Turns() {}

    static List<Turn> of(String column, JsonNode array) {
        List<Turn> turns = new ArrayList<>();
        int read = 0;
        for (JsonNode node : array) {
            JsonNode role = node.has("role") ? node.path("role") : node.path("from");
            if (!role.isTextual()) {
                throw new IllegalArgumentException(column + ": each message must have a role and a content, got "
                        + RowJson.kind(role) + " as role");
            }
            Role speaker = Role.of(role.asText());
            JsonNode content = node.has("content") ? node.path("content") : node.path("value");
            if (speaker == Role.SYSTEM
                    && (content.isNull() || content.asText("x").isBlank())) {
                read++;
                continue;
            }
            if (node.path("tool_calls").size() > 0 && content.isNull()) {
                throw new IllegalArgumentException(column + ": message " + (turns.size() + 1)
                        + " calls a tool and says nothing (tool_calls without a content), and a trace holds texts alone;"
                        + " write the call into its content");
            }
            boolean reply = ++read == array.size() && speaker == Role.ASSISTANT && content.isTextual();
            String said = reply ? content.asText() : text(column + ".content", joined(content));
            turns.add(new Turn(new Message(speaker, said), node));
        }
        if (turns.isEmpty()) {
            throw new IllegalArgumentException(column + ": must have at least one message");
        }
        return turns;
    }

    static String text(String column, JsonNode value) {
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new IllegalArgumentException(column + ": must be a text that is not empty, got "
                    + (value.isTextual() ? "an empty one" : RowJson.kind(value)));
        }
        return value.asText();
    }

    /** {@code [{"type": "text", "text": ..}]} as one text; all else as it is. */
    private static JsonNode joined(JsonNode content) {
        if (!content.isArray() || content.isEmpty()) {
            return content;
        }
        StringJoiner text = new StringJoiner("\n");
        for (JsonNode part : content) {
            if (!part.path("text").isTextual()) {
                return content;
            }
            text.add(part.path("text").asText());
        }
        return RowJson.READER.getNodeFactory().textNode(text.toString());
    }
}
