package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row, a line of JSON or of a table, to a prompt. What is wrong with it is an IllegalArgumentException for the person who wrote it. */
final class PromptLine {
    /** GSM8K's answer field is a worked solution; what follows this is the answer. */
    private static final String GSM8K_MARK = "####";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // 0.10 is read as it is written.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private PromptLine() {}

    static Prompt parse(String line, PromptFormat format, String source) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON (" + e.getOriginalMessage() + ")", e);
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("must be a JSON object, got " + kind(node));
        }
        return prompt(node, format, source);
    }

    /** A row of plain values: texts, numbers, booleans, lists, maps. */
    static Prompt of(Map<String, @Nullable Object> row, PromptFormat format, String source) {
        return prompt(JSON.valueToTree(row), format, source);
    }

    private static Prompt prompt(JsonNode row, PromptFormat format, String source) {
        return Prompt.of(messages(row, format), reference(row, format.columns()), source);
    }

    /** The column that asks. */
    private static String asking(JsonNode row, PromptColumns columns) {
        String named = columns.question();
        if (named != null) {
            PromptColumns.required(row, named, "prompts.column");
            return named;
        }
        List<String> present =
                PromptColumns.ASKING.stream().filter(row::hasNonNull).toList();
        if (present.size() != 1) {
            throw new IllegalArgumentException("must have exactly one of " + String.join(", ", PromptColumns.ASKING)
                    + "; has " + (present.isEmpty() ? "none" : String.join(" and ", present))
                    + "; say in prompts.column which column asks (there are "
                    + String.join(", ", PromptColumns.names(row)) + ")");
        }
        return present.getFirst();
    }

    private static List<Message> messages(JsonNode line, PromptFormat format) {
        String key = asking(line, format.columns());
        JsonNode value = PromptColumns.required(line, key, "prompts.column");
        // Chat data sets keep a conversation under "prompt" too.
        List<Message> messages = value.isArray() ? conversation(key, value) : List.of(Message.user(text(key, value)));
        Message last = messages.getLast();
        if (last.role() != Role.USER) {
            throw new IllegalArgumentException(key + ": the last message must be the user's, got "
                    + last.role().word() + "; to ask one message alone, name it, as prompts.column: " + key
                    + ".0.content");
        }
        List<Message> asked = new ArrayList<>();
        String system = format.system();
        if (system != null && messages.stream().noneMatch(message -> message.role() == Role.SYSTEM)) {
            asked.add(Message.system(system));
        }
        asked.addAll(messages.subList(0, messages.size() - 1));
        asked.add(Message.user(format.ask(last.content())));
        return asked;
    }

    private static List<Message> conversation(String key, JsonNode array) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode node : array) {
            // ShareGPT's names are from and value
            JsonNode role = node.has("role") ? node.path("role") : node.path("from");
            if (!role.isTextual()) {
                throw new IllegalArgumentException(
                        key + ": each message must have a role and a content, got " + kind(role) + " as role");
            }
            messages.add(new Message(
                    Role.of(role.asText()),
                    text(key + ".content", node.has("content") ? node.path("content") : node.path("value"))));
        }
        if (messages.isEmpty()) {
            throw new IllegalArgumentException(key + ": must have at least one message");
        }
        return messages;
    }

    private static String text(String key, JsonNode value) {
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new IllegalArgumentException(key + ": must be a text that is not empty, got "
                    + (value.isTextual() ? "an empty one" : kind(value)));
        }
        return value.asText();
    }

    private static @Nullable String reference(JsonNode line, PromptColumns columns) {
        String named = columns.reference();
        if (named != null) {
            JsonNode value = PromptColumns.required(line, named, "prompts.reference");
            return value.isNull() ? null : reference(named, value);
        }
        for (String key : PromptColumns.ANSWERING) {
            JsonNode value = line.path(key);
            if (!value.isNull() && !value.isMissingNode()) {
                return reference(key, value);
            }
        }
        return null;
    }

    private static String reference(String key, JsonNode value) {
        if (!value.isTextual() && !value.isNumber()) {
            throw new IllegalArgumentException(key + ": must be a text or a number, got " + kind(value));
        }
        String text = value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
        int mark = key.equals("answer") || key.endsWith(".answer") ? text.lastIndexOf(GSM8K_MARK) : -1;
        return mark < 0 ? text : text.substring(mark + GSM8K_MARK.length()).strip();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BINARY, POJO -> "bytes";
            case BOOLEAN -> "the boolean " + node;
            case MISSING -> "nothing";
            case NULL -> "null";
            case NUMBER -> "the number " + node;
            case OBJECT -> "an object";
            case STRING -> "a text";
        };
    }
}
