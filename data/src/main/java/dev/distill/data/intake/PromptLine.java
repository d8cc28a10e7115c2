package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row, a line of JSON or of a table, to a prompt. What is wrong with it is an IllegalArgumentException for the person who wrote it. */
final class PromptLine {
    /** GSM8K's answer field is a worked solution; what follows this is the answer. */
    static final String GSM8K_MARK = "####";

    private PromptLine() {}

    static Prompt of(JsonNode row, PromptFormat format, String source) {
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
        List<Message> messages = value.isArray()
                ? Turns.of(key, value).stream().map(Turns.Turn::message).toList()
                : List.of(Message.user(Turns.text(key, value)));
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
            throw new IllegalArgumentException(key + ": must be a text or a number, got " + RowJson.kind(value));
        }
        String text = RowJson.label(value);
        int mark = key.equals("answer") || key.endsWith(".answer") ? text.lastIndexOf(GSM8K_MARK) : -1;
        return mark < 0 ? text : text.substring(mark + GSM8K_MARK.length()).strip();
    }
}
