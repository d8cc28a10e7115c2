package dev.distill.teacher.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat completion as it was asked for: the part of the body that decides the reply.
 *
 * <p>The OpenAI parameter {@code seed} tells the samples of one prompt apart: a client that wants several counts it up from
 * {@link TeacherConfig#firstSeed}. Two requests with the same words and the same seed get the same reply.
 *
 * @param model the model's name
 * @param prompt the conversation; its id is what {@link Prompt#of} makes of it
 * @param seed the parameter of that name; 0 where it is absent
 * @param maxTokens the parameter {@code max_tokens}: reasoning and answer together
 * @param stream whether the reply is wanted as server-sent events
 */
record ChatRequest(String model, Prompt prompt, long seed, int maxTokens, boolean stream) {
    /** What {@code max_tokens} is where the client does not say: DeepSeek's figure for its chat model. */
    static final int DEFAULT_MAX_TOKENS = 4096;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a request body. Throws {@link Refused} with status 400 where it is none. */
    static ChatRequest read(byte[] body) throws Refused {
        try {
            JsonNode root = JSON.readTree(body);
            if (!root.isObject()) {
                throw Refused.badRequest("the body must be a JSON object");
            }
            return new ChatRequest(
                    root.path("model").asText(),
                    Prompt.of(messages(root.path("messages")), null, "request"),
                    wholeNumber(root, "seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                    (int) wholeNumber(root, "max_tokens", DEFAULT_MAX_TOKENS, 1, 1_000_000),
                    root.path("stream").asBoolean(false));
        } catch (JsonProcessingException e) {
            throw Refused.badRequest("the body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    /** The name of this request: the same for the same words, whatever the order of its fields. */
    String hash() {
        return Hash.of(List.of(model, prompt.id(), Long.toString(seed), Integer.toString(maxTokens)));
    }

    private static List<Message> messages(JsonNode list) throws Refused {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : list) {
            if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
                throw Refused.badRequest("messages: each needs a role and a content, both text");
            }
            messages.add(new Message(
                    Role.of(message.path("role").textValue()),
                    message.path("content").textValue()));
        }
        return messages;
    }

    private static long wholeNumber(JsonNode root, String name, long absent, long low, long high) throws Refused {
        JsonNode value = root.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.canConvertToLong()
                || !value.isIntegralNumber()
                || value.longValue() < low
                || value.longValue() > high) {
            throw Refused.badRequest(name + " must be a whole number from " + low + " to " + high + "; got " + value);
        }
        return value.longValue();
    }
}
