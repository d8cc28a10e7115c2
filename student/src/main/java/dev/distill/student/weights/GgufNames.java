package dev.distill.student.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * GGUF's names in Hugging Face's words: metadata to {@code config.json}, tensor names, and the order of the rows of
 * Llama's query and key weights (GGUF turns neighbouring entries of a head together, Hugging Face entries half a head
 * apart; source: llama.cpp's {@code convert_hf_to_gguf.py}, {@code LlamaModel.permute}).
 */
final class GgufNames {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");

    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private static final Map<String, String> ENDS = Map.of(
            "token_embd.weight", "model.embed_tokens.weight",
            "output_norm.weight", "model.norm.weight",
            "output.weight", "lm_head.weight");

    private final String architecture;
    private final Map<String, Object> metadata;

    private GgufNames(String architecture, Map<String, Object> metadata) {
        this.architecture = architecture;
        this.metadata = metadata;
    }

    static GgufNames of(Map<String, Object> metadata) throws WeightsException {
        Object architecture = metadata.get("general.architecture");
        if (!(architecture instanceof String name)
                || !Set.of("llama", "qwen2", "qwen3").contains(name)) {
            throw new WeightsException(
                    WeightsException.Rule.INVALID_HEADER,
                    "GGUF: general.architecture must be llama, qwen2 or qwen3; got " + architecture);
        }
        return new GgufNames(name, metadata);
    }

    /** What the model's {@code config.json} would say. */
    ObjectNode config(ObjectMapper json, GgufFile file) throws WeightsException {
        ObjectNode config = json.createObjectNode().put("model_type", architecture);
        config.put("vocab_size", file.entry("token_embd.weight").shape().getFirst());
        config.put("hidden_size", whole("embedding_length"));
        config.put("num_hidden_layers", whole("block_count"));
        config.put("num_attention_heads", whole("attention.head_count"));
        config.put("num_key_value_heads", optional("attention.head_count_kv", whole("attention.head_count")));
        config.put("intermediate_size", whole("feed_forward_length"));
        config.put("max_position_embeddings", whole("context_length"));
        config.put("rms_norm_eps", real("attention.layer_norm_rms_epsilon"));
        config.put("rope_theta", metadata.containsKey(architecture + ".rope.freq_base") ? real("rope.freq_base") : 1e4);
        config.put("tie_word_embeddings", !file.has("output.weight"));
        config.put("attention_bias", file.has("blk.0.attn_q.bias") && architecture.equals("llama"));
        long headWidth = optional("attention.key_length", 0);
        if (headWidth > 0) {
            config.put("head_dim", headWidth);
        }
        if (metadata.get("tokenizer.ggml.eos_token_id") instanceof Long eos) {
            config.put("eos_token_id", eos);
        }
        Object scaling = metadata.get(architecture + ".rope.scaling.type");
        if (file.has("rope_freqs.weight") || scaling != null && !scaling.equals("none")) {
            throw new WeightsException(
                    WeightsException.Rule.INVALID_HEADER,
                    "GGUF: rope scaling is not read from GGUF files here; give the Hugging Face folder of this model");
        }
        return config;
    }

    /** Each tensor's name in Hugging Face's words, with its name in the file. */
    Map<String, String> byHuggingFaceName(List<GgufFile.Entry> entries) throws WeightsException {
        Map<String, String> names = new LinkedHashMap<>();
        for (GgufFile.Entry entry : entries) {
            names.put(huggingFaceName(entry.name()), entry.name());
        }
        return names;
    }

    private String huggingFaceName(String name) throws WeightsException {
        @Nullable String end = ENDS.get(name);
        if (end != null) {
            return end;
        }
        Matcher block = BLOCK.matcher(name);
        String part = block.matches() ? PARTS.get(block.group(2)) : null;
        if (part == null) {
            throw new WeightsException(
                    WeightsException.Rule.MISSING_TENSOR,
                    "GGUF: tensor " + name + " has no place in a dense " + architecture + " model");
        }
        return "model.layers." + block.group(1) + "." + part + "." + block.group(3);
    }

    /** Puts the rows of Llama's queries and keys back into Hugging Face's order; other tensors stay as they are. */
    void restoreRotaryOrder(String name, Tensor tensor) throws WeightsException {
        boolean query = name.contains("self_attn.q_proj");
        if (!architecture.equals("llama") || !(query || name.contains("self_attn.k_proj"))) {
            return;
        }
        long heads = query
                ? whole("attention.head_count")
                : optional("attention.head_count_kv", whole("attention.head_count"));
        int rows = tensor.dim(0);
        int columns = Math.toIntExact(tensor.size() / rows);
        int width = Math.toIntExact(rows / heads);
        float[] source = tensor.toArray();
        float[] target = new float[source.length];
        for (int row = 0; row < rows; row++) {
            int inHead = row % width;
            int from = row - inHead + 2 * (inHead % (width / 2)) + inHead / (width / 2);
            System.arraycopy(source, from * columns, target, row * columns, columns);
        }
        tensor.setAll(target);
    }

    private long whole(String key) throws WeightsException {
        if (metadata.get(architecture + "." + key) instanceof Long value) {
            return value;
        }
        throw new WeightsException(
                WeightsException.Rule.INVALID_HEADER, "GGUF: metadata must have " + architecture + "." + key);
    }

    private long optional(String key, long fallback) {
        return metadata.get(architecture + "." + key) instanceof Long value ? value : fallback;
    }

    private double real(String key) throws WeightsException {
        if (metadata.get(architecture + "." + key) instanceof Double value) {
            return value;
        }
        throw new WeightsException(
                WeightsException.Rule.INVALID_HEADER, "GGUF: metadata must have " + architecture + "." + key);
    }
}
