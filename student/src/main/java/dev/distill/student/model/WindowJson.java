package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The sliding window of a {@code config.json}: refused where it would hide a token, for the decoder has none. Source:
 * transformers' configuration and masks of each family.
 */
final class WindowJson {
    private WindowJson() {}

    static void refuse(JsonNode json, Family family, int layers, int positions, Problems problems) {
        long window =
                json.hasNonNull("sliding_window") ? json.path("sliding_window").asLong() : Long.MAX_VALUE;
        // position p sees the window's last tokens, p among them
        problems.check(
                window >= positions || !slides(json, family, layers),
                "sliding_window: a window of %d tokens is not supported; only one that hides none of %d positions is",
                window,
                positions);
        for (JsonNode layer : json.path("layer_types")) {
            if (!layer.asText().equals("full_attention")) {
                problems.add("layer_types: only full_attention is supported, got " + layer.asText());
                return;
            }
        }
    }

    /** Qwen's files state a window beside a switch that is off, and how many layers are spared; the others' have none. */
    private static boolean slides(JsonNode json, Family family, int layers) {
        return switch (family) {
            case Family.Qwen2 qwen -> qwenSlides(json, layers);
            case Family.Qwen3 qwen -> qwenSlides(json, layers);
            case Family.Llama llama -> true;
            case Family.Mistral mistral -> true;
        };
    }

    private static boolean qwenSlides(JsonNode json, int layers) {
        return json.path("use_sliding_window").asBoolean(false)
                && !json.hasNonNull("layer_types") // they decide where they are stated
                && json.path("max_window_layers").asInt(0) < layers;
    }
}
