package dev.distill.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import dev.distill.eval.task.Responder.Decoding;
import org.jspecify.annotations.Nullable;

/**
 * How a model was asked, for reports: two figures are comparable only as far as these agree.
 *
 * @param protocol by whose way of sampling, in words; empty where nobody has said
 * @param system the system prompt; empty for none, and where decoding is not known, for unknown
 * @param decoding how answers were sampled; null for answers that were made elsewhere, where nobody has said
 */
public record Conditions(
        String protocol, String system, @Nullable Decoding decoding) {
    /** Of answers that were made elsewhere. */
    public static final Conditions UNKNOWN = new Conditions("", "", null);

    /** The key in the first line of {@code responses.jsonl}. */
    private static final String ASKED = "asked";

    /** As this task has it. */
    public static Conditions of(Task task) {
        Message first = task.prompts().getFirst().messages().getFirst();
        return new Conditions(task.protocol(), first.role() == Role.SYSTEM ? first.content() : "", task.decoding());
    }

    /** Of the first line of a file of responses; unknown where an earlier version has written it. */
    static Conditions ofHead(JsonNode head) {
        JsonNode asked = head.path(ASKED);
        if (!asked.isObject()) {
            return UNKNOWN;
        }
        return new Conditions(
                asked.path("protocol").asText(),
                asked.path("system").asText(),
                !asked.has("temperature")
                        ? null
                        : new Decoding(
                                asked.path("samples").asInt(),
                                asked.path("temperature").asDouble(),
                                asked.path("top_p").asDouble(),
                                asked.path("top_k").asInt(),
                                asked.path("max_new_tokens").asInt(),
                                asked.path("seed").asLong()));
    }

    /** Writes it into the first line of a file of responses. */
    void putInto(ObjectNode head) {
        ObjectNode asked = head.putObject(ASKED).put("protocol", protocol).put("system", system);
        if (decoding != null) {
            asked.put("samples", decoding.samples())
                    .put("temperature", decoding.temperature())
                    .put("top_p", decoding.topP())
                    .put("top_k", decoding.topK())
                    .put("max_new_tokens", decoding.maxNewTokens())
                    .put("seed", decoding.seed());
        }
    }
}
