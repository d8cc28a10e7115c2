package dev.distill.teacher;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a teacher is asked to sample. What a provider ignores is left out of the request, see {@code Dialect#effective}.
 *
 * @param temperature 0 to 2; 0 is greedy
 * @param topP in (0, 1]
 * @param maxTokens limit of the reply, reasoning included unless the dialect says otherwise
 * @param seed sent as seed + sample number, so that the samples of a prompt differ; empty: not sent
 * @param extra further top-level fields of the request body: name to value in JSON, for example {@code top_k} to
 *     {@code 20} or {@code reasoning_effort} to {@code "high"} with its quotes
 */
public record Sampling(
        double temperature, double topP, int maxTokens, OptionalLong seed, SortedMap<String, String> extra) {
    /** DeepSeek-R1's recommendation: temperature 0.6, top-p 0.95, up to 32,768 tokens. */
    public static final Sampling R1 = new Sampling(0.6, 0.95, 32_768, OptionalLong.empty(), new TreeMap<>());

    public Sampling {
        extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    }

    public Sampling withTemperature(double value) {
        return new Sampling(value, topP, maxTokens, seed, extra);
    }

    public Sampling withMaxTokens(int value) {
        return new Sampling(temperature, topP, value, seed, extra);
    }

    public Sampling withSeed(long value) {
        return new Sampling(temperature, topP, maxTokens, OptionalLong.of(value), extra);
    }

    /** What is wrong with these values, in the words of a recipe; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!(temperature >= 0 && temperature <= 2)) {
            problems.add("teacher.temperature: must be 0 to 2; got " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            problems.add("teacher.top-p: must be above 0 and at most 1; got " + topP);
        }
        if (maxTokens < 1) {
            problems.add("teacher.max-tokens: must be 1 or more; got " + maxTokens);
        }
        return problems;
    }
}
