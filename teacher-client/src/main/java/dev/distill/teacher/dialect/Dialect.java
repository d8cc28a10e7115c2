package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider's way of being asked, and what this harvest asks of it beside sampling.
 *
 * @param facts what is known of the provider
 * @param asked thinking, effort, log-probabilities, and in which form a reply comes
 */
public record Dialect(DialectFacts facts, Asked asked) {
    /** The dialect of that name, asked for nothing in particular. */
    public static Dialect named(String name) {
        return new Dialect(DialectTable.builtIn().named(name), Asked.STANDARD);
    }

    /** The name that recipes use. */
    public String name() {
        return facts.name();
    }

    /** The same, asked for this. */
    public Dialect asking(Asked other) {
        return new Dialect(facts, other);
    }

    /** The same provider with other facts: those that a probe has found. */
    public Dialect with(DialectFacts other) {
        return new Dialect(other, asked);
    }

    /** Whether what comes as reasoning is the chain of thought itself. */
    public ReasoningKind reasoning() {
        return facts.reply().reasoning();
    }

    /**
     * The parameters that take effect, by their names on the wire, with values in JSON: what is sent, what a trace records and
     * what a unit's id is made of. A parameter that the provider ignores is not among them, so changing it buys nothing twice.
     */
    public SortedMap<String, String> effective(TeacherRequest request) {
        Sampling sampling = request.sampling();
        DialectFacts.Names names = facts.names();
        SortedMap<String, String> parameters = new TreeMap<>();
        chosen().forEach((name, value) -> parameters.put(name, value.toString()));
        sampling.extra().forEach((name, value) -> parameters.merge(name, value, Json::merged));
        put(parameters, names.temperature(), Json.number(sampling.temperature()));
        put(parameters, names.topP(), Json.number(sampling.topP()));
        put(parameters, names.maxTokens(), Integer.toString(sampling.maxTokens()));
        sampling.seed().ifPresent(seed -> put(parameters, names.seed(), Long.toString(seed + request.sample())));
        facts.ignored().forEach(parameters::remove);
        if (thinks()) {
            facts.thinking().ignored().forEach(parameters::remove);
        }
        return parameters;
    }

    private static void put(SortedMap<String, String> parameters, @Nullable String name, String value) {
        if (name != null) {
            parameters.put(name, value);
        }
    }

    /** Whether the provider thinks when it is asked so, as far as it is known. */
    private boolean thinks() {
        return switch (asked.thinking()) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> facts.thinking().standard() || asked.effort().isPresent();
        };
    }

    /** The fields that thinking, effort and log-probabilities take. */
    private Map<String, JsonNode> chosen() {
        Thinking thinking = facts.thinking();
        ObjectNode fields = Json.MAPPER.createObjectNode();
        switch (asked.thinking()) {
            case ON -> Json.merge(fields, Json.object(thinking.on()));
            case OFF -> Json.merge(fields, Json.object(thinking.off()));
            case AUTO -> {}
        }
        asked.effort().ifPresent(effort -> Json.merge(fields, thinking.fields(effort)));
        if (asked.logprobs() > 0) {
            Json.merge(fields, facts.logprobs().fields(asked.logprobs()));
        }
        Map<String, JsonNode> chosen = new LinkedHashMap<>();
        fields.properties().forEach(field -> chosen.put(field.getKey(), field.getValue()));
        return chosen;
    }

    /** Tokens that a reply can cost at most, where the limit that is sent does not cover the reasoning. */
    public long completionTokensAtMost(Sampling sampling) {
        long outside = asked.thinking() == Asked.Switch.OFF ? 0 : facts.reasoningOutsideLimit();
        if (outside > 0 && asked.effort().isPresent() && asked.effort().get() instanceof Effort.Tokens budget) {
            outside = Math.min(outside, budget.number());
        }
        return sampling.maxTokens() + outside;
    }

    /** The request body: UTF-8 JSON; where it asks for a stream, with usage where the provider tells it. */
    public byte[] body(String model, TeacherRequest request) {
        ObjectNode parameters = Json.object(facts.fields());
        effective(request).forEach((name, value) -> Json.put(parameters, name, Json.read(value)));
        ObjectNode body = RequestForm.write(facts, model, request.messages(), parameters);
        if (!asked.streamed()) {
            body.remove(List.of("stream", "stream_options"));
        }
        return Json.bytes(body);
    }

    /** A reader for one reply. */
    public ReplyReader reader(ErrorReader errors) {
        ReplyParts parts = new ReplyParts(errors, facts.reply());
        return new ReplyReader(
                parts,
                switch (facts.format()) {
                    case OPENAI -> new OpenAiReader(parts);
                    case ANTHROPIC -> new AnthropicReader(parts);
                    case GEMINI -> new GeminiReader(parts);
                });
    }

    /** What cannot be asked of this provider, in the words of a recipe; empty if all can. */
    public List<String> problems(Sampling sampling) {
        List<String> problems = new ArrayList<>(ExtraFields.problems(sampling, facts));
        if (!asked.streamed() && facts.format() == DialectFacts.Format.GEMINI) {
            problems.add("teacher.stream: dialect " + name() + " is asked with streaming only; leave it out");
        }
        problems.addAll(facts.thinking().problems(name(), asked, sampling.maxTokens()));
        problems.addAll(facts.logprobs().problems(name(), asked.logprobs()));
        return problems;
    }
}
