package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hugging Face's {@code config.json}, to and from a {@link ModelConfig}.
 *
 * <p>Reads the spellings of transformers 4 ({@code rope_theta} beside {@code rope_scaling}) and 5
 * ({@code rope_parameters}); writes those of 4, which both read. What would change the computation and is not
 * implemented (sliding windows, experts, images, quantised weights, other activations) is refused, never ignored; keys
 * that do not touch the computation are left alone.
 */
public final class ConfigJson {
    private ConfigJson() {}

    /** Reads a {@code config.json}. Refuses what is not a decoder of ours, all reasons at once. */
    public static ModelConfig read(Path file) throws IOException {
        return read(new ObjectMapper().readTree(file.toFile()), file.toString());
    }

    /** Reads the tree of a {@code config.json}. */
    public static ModelConfig read(JsonNode json) {
        return read(json, "config.json");
    }

    private static ModelConfig read(JsonNode json, String owner) {
        Problems problems = new Problems(owner);
        Optional<Family> family = family(json, problems);
        refuseUnsupported(json, problems);
        int width = positive(json, "hidden_size", problems);
        int heads = positive(json, "num_attention_heads", problems);
        int layers = positive(json, "num_hidden_layers", problems);
        int vocabulary = positive(json, "vocab_size", problems);
        int mlpWidth = positive(json, "intermediate_size", problems);
        int maxPositions = positive(json, "max_position_embeddings", problems);
        Optional<Rope> rope = RopeJson.read(json, maxPositions, problems);
        int positions = rope.map(read -> positions(read, maxPositions)).orElse(maxPositions);
        family.ifPresent(known -> WindowJson.refuse(json, known, layers, positions, problems));
        problems.throwIfAny();

        int kvHeads = json.path("num_key_value_heads").asInt(heads);
        int headWidth = json.path("head_dim").asInt(family.orElseThrow().defaultHeadWidth(width, heads));
        return new ModelConfig(
                family.orElseThrow(),
                vocabulary,
                width,
                layers,
                family.orElseThrow().attention(json, heads, kvHeads, headWidth),
                mlpWidth,
                rope.orElseThrow(),
                json.path("rms_norm_eps").asDouble(1e-6),
                json.path("tie_word_embeddings").asBoolean(false),
                positions,
                eosIds(json.path("eos_token_id")));
    }

    /**
     * Writes the tree of a {@code config.json} that Hugging Face's tools load.
     *
     * @param dtype the type of the weights beside it, as PyTorch names it: {@code float32}, {@code bfloat16},
     *     {@code float16}
     */
    public static ObjectNode write(ModelConfig config, String dtype) {
        AttentionShape attention = config.attention();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(config.family().architecture());
        json.put("model_type", config.family().modelType());
        json.put("vocab_size", config.vocabulary());
        json.put("hidden_size", config.width());
        json.put("intermediate_size", config.mlpWidth());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", attention.heads());
        json.put("num_key_value_heads", attention.kvHeads());
        json.put("head_dim", attention.headWidth());
        json.put("hidden_act", "silu");
        json.put("max_position_embeddings", config.maxPositions());
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        writeFamilyKeys(config, json);
        RopeJson.write(config.rope(), json);
        writeEosIds(config.eosIds(), json);
        json.put("torch_dtype", dtype);
        json.put("use_cache", true);
        return json;
    }

    private static void writeFamilyKeys(ModelConfig config, ObjectNode json) {
        switch (config.family()) {
            case Family.Qwen2 qwen -> json.put("use_sliding_window", false);
            case Family.Qwen3 qwen ->
                json.put("attention_bias", config.attention().qkvBias()).put("use_sliding_window", false);
            case Family.Llama llama ->
                json.put("attention_bias", config.attention().qkvBias()).put("mlp_bias", false);
            case Family.Mistral mistral -> json.putNull("sliding_window");
        }
    }

    /** Qwen's advice for long texts is to add YaRN to the file, whose {@code max_position_embeddings} stays as it was. */
    private static int positions(Rope rope, int maxPositions) {
        return rope.scaling() instanceof Rope.Scaling.Yarn yarn
                ? (int) Math.max(maxPositions, yarn.factor() * yarn.originalPositions())
                : maxPositions;
    }

    private static Optional<Family> family(JsonNode json, Problems problems) {
        String type = json.path("model_type").asText("");
        Optional<Family> family =
                Family.ALL.stream().filter(f -> f.modelType().equals(type)).findFirst();
        if (family.isEmpty()) {
            problems.add("model_type '" + type + "' is not one of "
                    + Family.ALL.stream().map(Family::modelType).toList());
        }
        return family;
    }

    private static void refuseUnsupported(JsonNode json, Problems problems) {
        for (String experts : List.of("num_experts", "num_local_experts", "n_routed_experts")) {
            problems.check(json.path(experts).asInt(0) <= 1, "%s: mixtures of experts are not supported", experts);
        }
        for (String part : List.of("vision_config", "audio_config", "text_config")) {
            problems.check(!json.hasNonNull(part), "%s: models with images or sound are not supported", part);
        }
        for (String packed : List.of("quantization_config", "quantization")) {
            problems.check(
                    !json.hasNonNull(packed), "%s: quantised weights; use the checkpoint in BF16 or F32", packed);
        }
        String activation = json.path("hidden_act").asText("silu");
        problems.check(
                activation.equals("silu") || activation.equals("swish"),
                "hidden_act '%s': only silu is supported",
                activation);
        problems.check(!json.path("mlp_bias").asBoolean(false), "mlp_bias: biases in the MLP are not supported");
        problems.check(
                !json.path("rope_interleaved").asBoolean(false),
                "rope_interleaved: only the half-split rotary" + " layout is supported");
        problems.check(
                json.path("partial_rotary_factor").asDouble(1) == 1,
                "partial_rotary_factor: heads must be turned in full");
    }

    private static int positive(JsonNode json, String key, Problems problems) {
        JsonNode value = json.path(key);
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() <= 0) {
            problems.add(key + " must be a positive integer, got " + (value.isMissingNode() ? "nothing" : value));
            return 0;
        }
        return value.intValue();
    }

    private static List<Integer> eosIds(JsonNode value) {
        List<Integer> ids = new ArrayList<>();
        if (value.isInt()) {
            ids.add(value.intValue());
        }
        value.forEach(id -> ids.add(id.intValue()));
        return ids;
    }

    private static void writeEosIds(List<Integer> ids, ObjectNode json) {
        if (ids.size() == 1) {
            json.put("eos_token_id", ids.getFirst());
        } else if (!ids.isEmpty()) {
            ids.forEach(json.putArray("eos_token_id")::add);
        }
    }
}
