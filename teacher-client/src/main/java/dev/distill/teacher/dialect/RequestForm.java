package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import java.util.List;
import java.util.Set;

/** Request bodies in the three formats. */
final class RequestForm {
    /** Of a request to Gemini; all other parameters belong into {@code generationConfig}. */
    private static final Set<String> GEMINI_TOP =
            Set.of("safetySettings", "tools", "toolConfig", "cachedContent", "systemInstruction", "labels");

    private RequestForm() {}

    /** A streaming request. */
    static ObjectNode write(DialectFacts facts, String model, List<Message> messages, ObjectNode parameters) {
        return switch (facts.format()) {
            case OPENAI -> openAi(facts, model, messages, parameters);
            case ANTHROPIC -> anthropic(model, messages, parameters);
            case GEMINI -> gemini(messages, parameters);
        };
    }

    private static ObjectNode openAi(DialectFacts facts, String model, List<Message> messages, ObjectNode parameters) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", model);
        ArrayNode written = body.putArray("messages");
        for (Message message : messages) {
            written.addObject().put("role", message.role().word()).put("content", message.content());
        }
        body.put("stream", true);
        if (facts.reply().streamUsage()) {
            body.putObject("stream_options").put("include_usage", true);
        }
        Json.merge(body, parameters);
        return body;
    }

    private static ObjectNode anthropic(String model, List<Message> messages, ObjectNode parameters) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", model);
        String system = system(messages);
        if (!system.isEmpty()) {
            body.put("system", system);
        }
        ArrayNode written = body.putArray("messages");
        for (Message message : messages) {
            if (message.role() != Role.SYSTEM) {
                written.addObject().put("role", said(message, "assistant")).put("content", message.content());
            }
        }
        body.put("stream", true);
        Json.merge(body, parameters);
        return body;
    }

    private static ObjectNode gemini(List<Message> messages, ObjectNode parameters) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        String system = system(messages);
        if (!system.isEmpty()) {
            text(body.putObject("systemInstruction"), system);
        }
        ArrayNode contents = body.putArray("contents");
        for (Message message : messages) {
            if (message.role() != Role.SYSTEM) {
                text(contents.addObject().put("role", said(message, "model")), message.content());
            }
        }
        ObjectNode generation = body.putObject("generationConfig");
        parameters.properties().forEach(parameter -> {
            JsonNode value = parameter.getValue();
            Json.put(GEMINI_TOP.contains(parameter.getKey()) ? body : generation, parameter.getKey(), value);
        });
        return body;
    }

    private static void text(ObjectNode content, String text) {
        content.putArray("parts").addObject().put("text", text);
    }

    private static String said(Message message, String assistant) {
        return message.role() == Role.ASSISTANT ? assistant : "user";
    }

    /** What stands in system messages; these two formats have a place of their own for it. */
    private static String system(List<Message> messages) {
        return String.join(
                "\n\n",
                messages.stream()
                        .filter(message -> message.role() == Role.SYSTEM)
                        .map(Message::content)
                        .toList());
    }
}
