package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The rotary embedding's part of a {@code config.json}, in the spellings of transformers 4 and 5. */
final class RopeJson {
    private static final double DEFAULT_THETA = 10_000;

    private RopeJson() {}

    static Optional<Rope> read(JsonNode json, Problems problems) {
        boolean v5 = json.hasNonNull("rope_parameters");
        JsonNode scaling = json.path(v5 ? "rope_parameters" : "rope_scaling");
        double theta = (v5 && scaling.has("rope_theta") ? scaling : json)
                .path("rope_theta")
                .asDouble(DEFAULT_THETA);
        problems.check(
                scaling.path("partial_rotary_factor").asDouble(1) == 1,
                "rope_parameters.partial_rotary_factor: heads must be turned in full");
        try {
            return Optional.of(new Rope(theta, scaling(scaling)));
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
        }
    }

    private static Rope.Scaling scaling(JsonNode json) {
        String type = json.path("rope_type").asText(json.path("type").asText("default"));
        return switch (type) {
            case "default" -> new Rope.Scaling.None();
            case "linear" -> new Rope.Scaling.Linear(number(json, "factor"));
            case "llama3" ->
                new Rope.Scaling.Llama3(
                        number(json, "factor"), number(json, "low_freq_factor"), number(json, "high_freq_factor"), (int)
                                number(json, "original_max_position_embeddings"));
            default ->
                throw new IllegalArgumentException(
                        "rope scaling '" + type + "' is not supported; none, linear and llama3 are");
        };
    }

    private static double number(JsonNode json, String key) {
        if (!json.path(key).isNumber()) {
            throw new IllegalArgumentException(
                    "rope scaling needs a number for " + key + ", got " + (json.has(key) ? json.get(key) : "nothing"));
        }
        return json.get(key).doubleValue();
    }
}
