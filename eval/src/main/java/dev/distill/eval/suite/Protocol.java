package dev.distill.eval.suite;

import dev.distill.eval.task.Responder.Decoding;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How somebody samples when they evaluate, so that figures can be compared: decoding, system prompt and answers a question.
 *
 * @param name on the command line, for example {@code r1}
 * @param source the report or code that says so
 * @param system prompt; null for none
 * @param samples answers a question; empty leaves it to the task file
 * @param samplesOf those of single tasks, in place of that, by the tasks' names
 * @param tokensOf the limit of new tokens of single tasks, likewise
 */
public record Protocol(
        String name,
        String source,
        @Nullable String system,
        double temperature,
        double topP,
        int topK,
        int maxNewTokens,
        Optional<Integer> samples,
        SortedMap<String, Integer> samplesOf,
        SortedMap<String, Integer> tokensOf) {
    private static final int MOST_TOKENS = 10_000_000;
    private static final int MOST_SAMPLES = 4096;

    public Protocol {
        samplesOf = Collections.unmodifiableSortedMap(new TreeMap<>(samplesOf));
        tokensOf = Collections.unmodifiableSortedMap(new TreeMap<>(tokensOf));
    }

    /** @throws SuiteException if there is none of that name */
    public static Protocol of(String name) {
        String yaml = BuiltIn.PROTOCOLS.text(name).orElseThrow(() -> BuiltIn.PROTOCOLS.unknown(name, "built in"));
        return parse(name, yaml);
    }

    /** All that there are. */
    public static List<String> names() {
        return BuiltIn.PROTOCOLS.names();
    }

    static Protocol parse(String name, String yaml) {
        Keys keys = Keys.parse("protocol " + name, yaml);
        int samples = keys.whole("samples", 0, 0, MOST_SAMPLES);
        Protocol protocol = new Protocol(
                name,
                keys.required("source", "the report or code that says so"),
                keys.text("system").orElse(null),
                keys.real("temperature", 0.6, 0, 10),
                keys.real("top-p", 1, 0.001, 1),
                keys.whole("top-k", 0, 0, 1_000_000),
                keys.whole("max-new-tokens", 32_768, 1, MOST_TOKENS),
                samples == 0 ? Optional.empty() : Optional.of(samples),
                counts(keys, "samples-of", MOST_SAMPLES),
                counts(keys, "max-new-tokens-of", MOST_TOKENS));
        keys.done();
        keys.check("protocol " + name);
        return protocol;
    }

    private static SortedMap<String, Integer> counts(Keys keys, String key, int most) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        Map<String, String> given = keys.own(key);
        Keys section = keys.section(key);
        given.keySet().forEach(task -> counts.put(task, section.whole(task, 1, 1, most)));
        return counts;
    }

    /**
     * How this task is sampled.
     *
     * @param seed the same seed, prompt and sample number give the same text
     */
    public Decoding decoding(TaskFile task, long seed) {
        int k = samplesOf.getOrDefault(task.name(), samples.orElse(task.samples()));
        return new Decoding(
                temperature == 0 ? 1 : k,
                temperature,
                topP,
                topK,
                tokensOf.getOrDefault(task.name(), maxNewTokens),
                seed);
    }
}
