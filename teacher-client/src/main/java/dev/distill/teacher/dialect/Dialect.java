package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Message;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A provider's way of being asked. Facts that change with a provider's release are in the members; there is one rule here. */
public sealed interface Dialect permits DeepSeek, OpenAiCompatible {
    /** The name that recipes use. */
    String name();

    /**
     * The parameters that take effect, by their names on the wire, with values in JSON: what is sent, what a trace records and
     * what a unit's id is made of. A parameter that the provider ignores is not among them, so changing it buys nothing twice.
     */
    SortedMap<String, String> effective(TeacherRequest request);

    /** Tokens that a reply can cost at most, where the limit that is sent does not cover the reasoning. */
    long completionTokensAtMost(Sampling sampling);

    /** Further fields that belong to the dialect, not to the sampling. */
    default void addTo(ObjectNode body) {}

    /** The request body: UTF-8 JSON, streaming, with usage in the last chunk. */
    default byte[] body(String model, TeacherRequest request) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("model", model);
        var messages = body.putArray("messages");
        for (Message message : request.messages()) {
            messages.addObject().put("role", message.role().word()).put("content", message.content());
        }
        body.put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        addTo(body);
        effective(request).forEach((name, value) -> body.set(name, Json.read(value)));
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What is wrong with the extra fields, in the words of a recipe; empty if nothing is. */
    static List<String> problems(Sampling sampling) {
        return sampling.extra().entrySet().stream()
                .filter(field -> !Json.isJson(field.getValue()))
                .map(field -> "teacher.extra." + field.getKey() + ": must be a value in JSON; got " + field.getValue())
                .toList();
    }

    /** All dialects, by the names that recipes use. */
    static List<Dialect> all() {
        return List.of(
                new DeepSeek(DeepSeek.Mode.R1),
                new DeepSeek(DeepSeek.Mode.THINKING),
                new DeepSeek(DeepSeek.Mode.CHAT),
                new OpenAiCompatible("max_tokens"),
                new OpenAiCompatible("max_completion_tokens"));
    }

    /** The dialect of that name. */
    static Dialect named(String name) {
        return all().stream()
                .filter(dialect -> dialect.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("teacher.dialect: must be one of "
                        + String.join(", ", all().stream().map(Dialect::name).toList()) + "; got \"" + name + "\""));
    }

    /** Temperature, top-p, limit, seed and extras, as a provider takes them that ignores none. */
    static SortedMap<String, String> everything(TeacherRequest request, String maxTokensField) {
        Sampling sampling = request.sampling();
        SortedMap<String, String> parameters = new TreeMap<>(sampling.extra());
        parameters.put("temperature", Json.number(sampling.temperature()));
        parameters.put("top_p", Json.number(sampling.topP()));
        parameters.put(maxTokensField, Integer.toString(sampling.maxTokens()));
        sampling.seed().ifPresent(seed -> parameters.put("seed", Long.toString(seed + request.sample())));
        return parameters;
    }
}
