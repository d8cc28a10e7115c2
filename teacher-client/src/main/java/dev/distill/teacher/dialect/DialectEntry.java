package dev.distill.teacher.dialect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.dialect.DialectFacts.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A dialect as it stands in a file, word for word (docs/formats.md); what is left out is as OpenAI has it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DialectEntry(
        @Nullable String name,
        @Nullable String format,
        @Nullable List<String> hosts,
        @Nullable Map<String, String> parameters,
        @Nullable List<String> ignored,
        @Nullable Integer reasoning_outside_limit,
        @Nullable ThinkingEntry thinking,
        @Nullable SequencedMap<String, JsonNode> fields,
        @Nullable String reasoning,
        @Nullable String think_start,
        @Nullable Boolean stream_usage,
        @Nullable String path,
        @Nullable KeyEntry key,
        @Nullable Map<String, String> headers,
        @Nullable LogprobsEntry logprobs,
        @Nullable List<SourceEntry> sources) {
    private static final Map<String, String> OPENAI_NAMES =
            Map.of("temperature", "temperature", "top_p", "top_p", "max_tokens", "max_tokens", "seed", "seed");

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ThinkingEntry(
            @Nullable Boolean standard,
            @Nullable SequencedMap<String, JsonNode> on,
            @Nullable SequencedMap<String, JsonNode> off,
            @Nullable List<String> ignored,
            @Nullable List<String> efforts,
            @Nullable SequencedMap<String, JsonNode> effort_fields,
            @Nullable Integer least_budget,
            @Nullable Boolean budget_inside_limit,
            @Nullable SequencedMap<String, JsonNode> budget_fields) {
        static final ThinkingEntry NONE = new ThinkingEntry(null, null, null, null, null, null, null, null, null);

        static ThinkingEntry of(Thinking thinking) {
            return new ThinkingEntry(
                    thinking.standard(),
                    nodes(thinking.on()),
                    nodes(thinking.off()),
                    thinking.ignored(),
                    thinking.words(),
                    nodes(thinking.wordFields()),
                    thinking.budget().least(),
                    thinking.budget().insideLimit(),
                    nodes(thinking.budgetFields()));
        }

        Thinking thinking() {
            return new Thinking(
                    or(standard, false),
                    texts(on),
                    texts(off),
                    or(ignored, List.of()),
                    or(efforts, List.of()),
                    texts(effort_fields),
                    new Thinking.Budget(or(least_budget, 1), or(budget_inside_limit, false)),
                    texts(budget_fields));
        }
    }

    record KeyEntry(String header, String prefix) {}

    record LogprobsEntry(int most, @Nullable SequencedMap<String, JsonNode> fields) {
        private static final SortedMap<String, String> STANDARD =
                new TreeMap<>(Map.of("logprobs", "true", "top_logprobs", "\"$logprobs\""));

        Logprobs logprobs() {
            return new Logprobs(most, fields == null ? STANDARD : texts(fields));
        }
    }

    record SourceEntry(List<String> of, String page, String read) {}

    static DialectEntry of(DialectFacts facts) {
        Map<String, String> names = new TreeMap<>();
        name(names, "temperature", facts.names().temperature());
        name(names, "top_p", facts.names().topP());
        name(names, "max_tokens", facts.names().maxTokens());
        name(names, "seed", facts.names().seed());
        return new DialectEntry(
                facts.name(),
                word(facts.format()),
                facts.hosts(),
                names,
                facts.ignored(),
                facts.reasoningOutsideLimit(),
                ThinkingEntry.of(facts.thinking()),
                nodes(facts.fields()),
                facts.reply().reasoning().word(),
                word(facts.reply().thinkStart()),
                facts.reply().streamUsage(),
                facts.access().path(),
                new KeyEntry(facts.access().keyHeader(), facts.access().keyPrefix()),
                facts.access().headers(),
                new LogprobsEntry(
                        facts.logprobs().most(), nodes(facts.logprobs().fields())),
                facts.sources().stream()
                        .map(source -> new SourceEntry(source.of(), source.page(), source.read()))
                        .toList());
    }

    private static void name(Map<String, String> names, String ours, @Nullable String theirs) {
        if (theirs != null) {
            names.put(ours, theirs);
        }
    }

    /** @throws IllegalArgumentException if a value breaks a rule */
    DialectFacts facts() {
        if (name == null || !name.matches("[a-z0-9][a-z0-9.-]*")) {
            throw new IllegalArgumentException("name: must be small letters, digits, '.' and '-'; got " + name);
        }
        Map<String, String> names = or(parameters, OPENAI_NAMES);
        for (String ours : names.keySet()) {
            if (!OPENAI_NAMES.containsKey(ours)) {
                throw new IllegalArgumentException(
                        name + ": parameters: must be among temperature, top_p, max_tokens, seed; got " + ours);
            }
        }
        KeyEntry signed = or(key, new KeyEntry("Authorization", "Bearer "));
        return new DialectFacts(
                name,
                choice("format", Format.class, format, Format.OPENAI),
                or(hosts, List.of()),
                new DialectFacts.Names(
                        names.get("temperature"), names.get("top_p"), names.get("max_tokens"), names.get("seed")),
                or(ignored, List.of()),
                or(reasoning_outside_limit, 0),
                or(thinking, ThinkingEntry.NONE).thinking(),
                texts(fields),
                new DialectFacts.ReplyFacts(
                        choice("reasoning", ReasoningKind.class, reasoning, ReasoningKind.WHOLE),
                        choice("think_start", Start.class, think_start, Start.UNKNOWN),
                        or(stream_usage, true)),
                new DialectFacts.Access(
                        or(path, "chat/completions"),
                        signed.header,
                        signed.prefix,
                        new TreeMap<>(or(headers, Map.of()))),
                or(logprobs, new LogprobsEntry(0, null)).logprobs(),
                or(sources, List.<SourceEntry>of()).stream()
                        .map(source -> new DialectFacts.Source(source.of, source.page, source.read))
                        .toList());
    }

    private <E extends Enum<E>> E choice(String field, Class<E> type, @Nullable String found, E standard) {
        if (found == null) {
            return standard;
        }
        List<String> words = new ArrayList<>();
        for (E member : type.getEnumConstants()) {
            words.add(word(member));
            if (word(member).equals(found)) {
                return member;
            }
        }
        throw new IllegalArgumentException(
                name + ": " + field + ": must be one of " + String.join(", ", words) + "; got " + found);
    }

    private static String word(Enum<?> member) {
        return member.name().toLowerCase(Locale.ROOT);
    }

    private static <T> T or(@Nullable T given, T standard) {
        return given == null ? standard : given;
    }

    private static SortedMap<String, String> texts(@Nullable Map<String, JsonNode> nodes) {
        SortedMap<String, String> texts = new TreeMap<>();
        if (nodes != null) {
            nodes.forEach((field, value) -> texts.put(field, value.toString()));
        }
        return texts;
    }

    private static SequencedMap<String, JsonNode> nodes(SortedMap<String, String> texts) {
        SequencedMap<String, JsonNode> nodes = new java.util.LinkedHashMap<>();
        texts.forEach((field, json) -> nodes.put(field, Json.read(json)));
        return nodes;
    }
}
