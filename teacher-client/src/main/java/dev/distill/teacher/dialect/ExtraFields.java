package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.Sampling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code teacher.extra}: further fields of a request. Those that say again, in whatever spelling, what a recipe has a key for would stand above it on the
 * wire, and below it in what a budget sets aside and a trace records: they are refused.
 */
final class ExtraFields {
    private static final String MAX_TOKENS = "teacher.max-tokens";
    private static final String SEED = "teacher.seed";
    private static final String TEMPERATURE = "teacher.temperature";
    private static final String TOP_P = "teacher.top-p";

    /** The recipe's keys by fields, these in lower case and without underscores. */
    private static final Map<String, String> KEYS = keys(Map.of(
            "teacher.model",
            List.of("model", "models"),
            "prompts.files",
            List.of("messages", "contents", "prompt", "input"),
            "prompts.system",
            List.of("system", "systeminstruction"),
            "teacher.stream",
            List.of("stream", "streamoptions"),
            "harvest.samples",
            List.of("n", "bestof", "candidatecount", "numreturnsequences", "numgenerations"),
            MAX_TOKENS,
            List.of(
                    "maxtokens",
                    "maxcompletiontokens",
                    "maxoutputtokens",
                    "maxnewtokens",
                    "maxgeneratedtokens",
                    "maxtokenstosample",
                    "maxgenlen",
                    "maxlength",
                    "numpredict",
                    "npredict"),
            SEED,
            List.of("seed", "randomseed"),
            TEMPERATURE,
            List.of("temperature"),
            TOP_P,
            List.of("topp")));

    /** Fields within which servers take such fields too (Gemini, Ollama, and what clients and gateways unpack). */
    private static final Set<String> HOLDERS =
            Set.of("generationconfig", "options", "parameters", "samplingparams", "extrabody");

    private ExtraFields() {}

    private static Map<String, String> keys(Map<String, List<String>> fields) {
        Map<String, String> keys = new HashMap<>();
        fields.forEach((key, spellings) -> spellings.forEach(spelling -> keys.put(spelling, key)));
        return Map.copyOf(keys);
    }

    /** What is wrong with them, in the words of a recipe. */
    static List<String> problems(Sampling sampling, DialectFacts facts) {
        Map<String, String> keys = new HashMap<>(KEYS);
        own(keys, facts.names().maxTokens(), MAX_TOKENS);
        own(keys, facts.names().seed(), SEED);
        own(keys, facts.names().temperature(), TEMPERATURE);
        own(keys, facts.names().topP(), TOP_P);
        if (facts.reasoningOutsideLimit() > 0) {
            // what is set aside for the reasoning goes by these keys
            thinking(keys, facts.thinking().on(), "teacher.thinking");
            thinking(keys, facts.thinking().off(), "teacher.thinking");
            thinking(keys, facts.thinking().budgetFields(), "teacher.effort");
        }
        List<String> problems = new ArrayList<>();
        sampling.extra().forEach((field, value) -> check(keys, field, value, problems));
        return problems;
    }

    private static void own(Map<String, String> keys, @Nullable String field, String key) {
        if (field != null) {
            keys.putIfAbsent(plain(field), key);
        }
    }

    private static void thinking(Map<String, String> keys, SortedMap<String, String> fields, String key) {
        fields.keySet().forEach(field -> keys.putIfAbsent(plain(field), key));
    }

    private static void check(Map<String, String> keys, String field, String value, List<String> problems) {
        if (!Json.isJson(value)) {
            problems.add("teacher.extra." + field + ": must be a value in JSON; got " + value);
        } else if (keys.containsKey(plain(field))) {
            problems.add(taken(field, value, keys.get(plain(field))));
        } else if (HOLDERS.contains(plain(field))) {
            for (Map.Entry<String, JsonNode> inner : Json.read(value).properties()) {
                String key = keys.get(plain(inner.getKey()));
                if (key != null) {
                    problems.add(
                            taken(field + "." + inner.getKey(), inner.getValue().toString(), key));
                }
            }
        }
    }

    private static String taken(String field, String value, @Nullable String key) {
        return "teacher.extra." + field + ": must not be a field that the recipe has a key of its own for; got " + value
                + "; use " + key;
    }

    private static String plain(String field) {
        return field.replaceAll("[_-]", "").toLowerCase(Locale.ROOT);
    }
}
