package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;

/** The rotary embedding's part of a {@code config.json}, in the spellings of transformers 4 and 5. */
final class RopeJson {
    private static final double DEFAULT_THETA = 10_000;

    private RopeJson() {}

    /** @param maxPositions what stands for the original length where a scaling does not state it, as in transformers */
    static Optional<Rope> read(JsonNode json, int maxPositions, Problems problems) {
        boolean v5 = json.hasNonNull("rope_parameters");
        problems.check(
                !v5 || !json.hasNonNull("rope_scaling"),
                "rope_parameters and rope_scaling say the same thing; give one of them");
        JsonNode scaling = json.path(v5 ? "rope_parameters" : "rope_scaling");
        double theta = (v5 && scaling.has("rope_theta") ? scaling : json)
                .path("rope_theta")
                .asDouble(DEFAULT_THETA);
        problems.check(
                scaling.path("partial_rotary_factor").asDouble(1) == 1,
                "rope_parameters.partial_rotary_factor: heads must be turned in full");
        try {
            return Optional.of(new Rope(theta, scaling(scaling, maxPositions)));
        } catch (IllegalArgumentException refused) {
            problems.add(refused);
            return Optional.empty();
        }
    }

    static void write(Rope rope, ObjectNode json) {
        json.put("rope_theta", rope.theta());
        switch (rope.scaling()) {
            case Rope.Scaling.None none -> json.putNull("rope_scaling");
            case Rope.Scaling.Linear linear ->
                json.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.factor());
            case Rope.Scaling.Llama3 llama3 ->
                json.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", llama3.factor())
                        .put("low_freq_factor", llama3.lowFrequencyFactor())
                        .put("high_freq_factor", llama3.highFrequencyFactor())
                        .put("original_max_position_embeddings", llama3.originalPositions());
            case Rope.Scaling.Yarn yarn -> write(yarn, json.putObject("rope_scaling"));
        }
    }

    /** Writes what is not the default alone: other readers know fewer keys than transformers. */
    private static void write(Rope.Scaling.Yarn yarn, ObjectNode json) {
        json.put("rope_type", "yarn")
                .put("factor", yarn.factor())
                .put("original_max_position_embeddings", yarn.originalPositions());
        if (yarn.betaFast() != Rope.Scaling.Yarn.BETA_FAST || yarn.betaSlow() != Rope.Scaling.Yarn.BETA_SLOW) {
            json.put("beta_fast", yarn.betaFast()).put("beta_slow", yarn.betaSlow());
        }
        if (!yarn.truncate()) {
            json.put("truncate", false);
        }
        if (yarn.amplitude() != Rope.Scaling.Yarn.amplitude(yarn.factor())) {
            json.put("attention_factor", yarn.amplitude());
        }
    }

    private static Rope.Scaling scaling(JsonNode json, int maxPositions) {
        String type = json.path("rope_type").asText(json.path("type").asText("default"));
        if (json.valueStream().anyMatch(JsonNode::isObject)) {
            throw new IllegalArgumentException(
                    "rope_parameters: a rotary embedding for each kind of layer is not" + " supported, got " + json);
        }
        return switch (type) {
            case "default" -> new Rope.Scaling.None();
            case "linear" -> new Rope.Scaling.Linear(number(json, "factor"));
            case "llama3" ->
                new Rope.Scaling.Llama3(
                        number(json, "factor"),
                        number(json, "low_freq_factor"),
                        number(json, "high_freq_factor"),
                        originalPositions(json, maxPositions));
            case "yarn" -> yarn(json, maxPositions);
            case "dynamic" ->
                throw new IllegalArgumentException("rope scaling 'dynamic' is not supported; without rope_scaling the"
                        + " model computes the same up to max_position_embeddings");
            default ->
                throw new IllegalArgumentException(
                        "rope scaling '" + type + "' is not supported; none, linear, llama3 and yarn are");
        };
    }

    private static Rope.Scaling.Yarn yarn(JsonNode json, int maxPositions) {
        double factor = number(json, "factor");
        return new Rope.Scaling.Yarn(
                factor,
                originalPositions(json, maxPositions),
                optional(json, "beta_fast").orElse(Rope.Scaling.Yarn.BETA_FAST),
                optional(json, "beta_slow").orElse(Rope.Scaling.Yarn.BETA_SLOW),
                json.path("truncate").asBoolean(true),
                optional(json, "attention_factor").orElseGet(() -> amplitude(json, factor)));
    }

    /** DeepSeek's way to state it: the ratio of two amplitudes, each with a weight on its logarithm. */
    private static double amplitude(JsonNode json, double factor) {
        double above = optional(json, "mscale").orElse(0);
        double below = optional(json, "mscale_all_dim").orElse(0);
        return above == 0 || below == 0
                ? Rope.Scaling.Yarn.amplitude(factor)
                : (0.1 * above * Math.log(factor) + 1) / (0.1 * below * Math.log(factor) + 1);
    }

    private static int originalPositions(JsonNode json, int maxPositions) {
        return (int) optional(json, "original_max_position_embeddings").orElse(maxPositions);
    }

    private static OptionalDouble optional(JsonNode json, String key) {
        return json.hasNonNull(key) ? OptionalDouble.of(number(json, key)) : OptionalDouble.empty();
    }

    private static double number(JsonNode json, String key) {
        if (!json.path(key).isNumber()) {
            throw new IllegalArgumentException(
                    "rope scaling needs a number for " + key + ", got " + (json.has(key) ? json.get(key) : "nothing"));
        }
        return json.get(key).doubleValue();
    }
}
