package dev.distill.student.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PEFT's {@code adapter_config.json}, to and from a {@link LoraConfig}. Variants of LoRA that compute something else are
 * refused, all at once.
 */
public final class AdapterJson {
    /** Switches whose being on changes the computation. */
    private static final List<String> OFF = List.of(
            "use_qalora",
            "use_bdlora",
            "lora_bias",
            "fan_in_fan_out",
            "exclude_modules",
            "target_parameters",
            "trainable_token_indices",
            "layers_to_transform",
            "layer_replication",
            "alora_invocation_tokens");

    private AdapterJson() {}

    /** Reads the tree of an {@code adapter_config.json}. The seed, which the file does not have, is 0. */
    public static LoraConfig read(JsonNode json) {
        List<String> problems = new ArrayList<>();
        String type = json.path("peft_type").asText("");
        if (!type.equals("LORA")) {
            problems.add("peft_type must be LORA, got '" + type + "'");
        }
        if (!json.path("bias").asText("none").equals("none")) {
            problems.add("bias must be none, got " + json.get("bias"));
        }
        OFF.stream()
                .filter(key -> isOn(json.path(key)))
                .forEach(key -> problems.add(key + " is not supported, got " + json.get(key)));
        List<String> targets = targets(json.path("target_modules"), problems);
        if (!json.path("r").isInt()) {
            problems.add("r must be an integer, got " + json.get("r"));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("adapter_config.json: " + String.join("; ", problems));
        }
        int rank = json.get("r").intValue();
        boolean rankStabilised = json.path("use_rslora").asBoolean(false);
        boolean dora = json.path("use_dora").asBoolean(false);
        return new LoraConfig(rank, json.path("lora_alpha").asDouble(8), rankStabilised, targets, 0)
                .withDora(dora)
                .withPatterns(patterns(json))
                .withSaved(saved(json));
    }

    private static LoraConfig.Saved saved(JsonNode json) {
        List<String> modules = new ArrayList<>();
        json.path("modules_to_save").forEach(module -> modules.add(module.asText()));
        return new LoraConfig.Saved(modules, json.path("ensure_weight_tying").asBoolean(false));
    }

    private static LoraConfig.Patterns patterns(JsonNode json) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        Map<String, Double> alphas = new LinkedHashMap<>();
        json.path("rank_pattern")
                .properties()
                .forEach(each -> ranks.put(each.getKey(), each.getValue().asInt()));
        json.path("alpha_pattern")
                .properties()
                .forEach(each -> alphas.put(each.getKey(), each.getValue().asDouble()));
        return new LoraConfig.Patterns(ranks, alphas);
    }

    /**
     * Writes the tree of an {@code adapter_config.json} that PEFT loads.
     *
     * @param base name or path of the model that the adapter belongs to, where it is known
     */
    public static ObjectNode write(LoraConfig config, Optional<String> base) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", base.orElse(null));
        json.put("r", config.rank());
        json.put("lora_alpha", config.alpha());
        json.put("lora_dropout", 0.0);
        json.put("use_rslora", config.rankStabilised());
        json.put("use_dora", config.dora());
        if (!config.saved().modules().isEmpty()) {
            config.saved().modules().forEach(json.putArray("modules_to_save")::add);
            json.put("ensure_weight_tying", config.saved().tied());
        }
        ObjectNode ranks = json.putObject("rank_pattern");
        config.patterns().ranks().forEach(ranks::put);
        ObjectNode alphas = json.putObject("alpha_pattern");
        config.patterns().alphas().forEach(alphas::put);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        if (config.targets().contains(LoraConfig.ALL_LINEAR)) {
            json.put("target_modules", LoraConfig.ALL_LINEAR);
        } else {
            config.targets().forEach(json.putArray("target_modules")::add);
        }
        return json;
    }

    private static boolean isOn(JsonNode value) {
        return value.isContainerNode() ? !value.isEmpty() : value.asBoolean(value.isTextual());
    }

    private static List<String> targets(JsonNode value, List<String> problems) {
        List<String> targets = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(target -> targets.add(target.asText()));
        } else if (value.asText().equals(LoraConfig.ALL_LINEAR)) {
            targets.add(LoraConfig.ALL_LINEAR);
        } else {
            problems.add("target_modules must be a list of names or all-linear, got " + value);
        }
        return targets;
    }
}
