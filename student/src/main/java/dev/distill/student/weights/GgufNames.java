package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.INVALID_HEADER;
import static dev.distill.student.weights.WeightsException.Rule.MISSING_TENSOR;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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

    /** The end of a text, and those that only instruction-tuned models have: of a turn, of a message. */
    private static final List<String> END_IDS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

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
                    INVALID_HEADER, "GGUF: general.architecture must be llama, qwen2 or qwen3; got " + architecture);
        }
        return new GgufNames(name, metadata);
    }

    /** What the model's {@code config.json} would say, with what would be refused there. */
    ObjectNode config(ObjectMapper json, GgufFile file) throws WeightsException {
        ObjectNode config = json.createObjectNode().put("model_type", architecture);
        long width = whole("embedding_length");
        long heads = whole("attention.head_count");
        if (heads < 1) {
            throw new WeightsException(INVALID_HEADER, "GGUF: attention.head_count must be positive, got " + heads);
        }
        List<Long> embedding = file.entry("token_embd.weight").shape();
        config.put("vocab_size", embedding.isEmpty() ? 0 : embedding.getFirst());
        config.put("hidden_size", width);
        config.put("num_hidden_layers", whole("block_count"));
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", whole("attention.head_count_kv", heads));
        config.put("intermediate_size", whole("feed_forward_length"));
        config.put("max_position_embeddings", whole("context_length"));
        config.put("rms_norm_eps", real("attention.layer_norm_rms_epsilon"));
        config.put("tie_word_embeddings", !file.has("output.weight"));
        config.put("attention_bias", architecture.equals("llama") && file.has("blk.0.attn_q.bias"));
        int headWidth = headWidth(width, heads);
        config.put("head_dim", headWidth);
        config.put("partial_rotary_factor", whole("rope.dimension_count", headWidth) / (double) headWidth);
        config.put("num_experts", whole("expert_count", 0));
        if (has("attention.sliding_window")) {
            config.put("use_sliding_window", true).put("sliding_window", whole("attention.sliding_window"));
        }
        ArrayNode ends = config.putArray("eos_token_id");
        for (String key : END_IDS) {
            // an id that the model cannot write, 2^32 - 1 in some files, ends nothing
            if (metadata.get("tokenizer.ggml." + key) instanceof Long id
                    && id < config.path("vocab_size").asLong()) {
                ends.add(id.longValue());
            }
        }
        new GgufRope(this, file).write(config, headWidth);
        return config;
    }

    /** Qwen 3 states its width, which is not that of {@code embedding_length / head_count}; the others may. */
    private int headWidth(long width, long heads) throws WeightsException {
        long headWidth = whole("attention.key_length", width / heads);
        if (whole("attention.value_length", headWidth) != headWidth) {
            throw new WeightsException(
                    INVALID_HEADER,
                    "GGUF: attention.key_length and value_length must be the same, got " + headWidth + " and "
                            + whole("attention.value_length", headWidth));
        }
        return Math.toIntExact(Math.max(1, headWidth)); // a config refuses 1
    }

    /** Each tensor's name in Hugging Face's words, with its name in the file. */
    Map<String, String> byHuggingFaceName(List<GgufFile.Entry> entries) throws WeightsException {
        Map<String, String> names = new LinkedHashMap<>();
        for (GgufFile.Entry entry : entries) {
            if (!GgufRope.isPartOf(entry.name())) {
                names.put(huggingFaceName(entry.name()), entry.name());
            }
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
                    MISSING_TENSOR, "GGUF: tensor " + name + " has no place in a dense " + architecture + " model");
        }
        return "model.layers." + block.group(1) + "." + part + "." + block.group(3);
    }

    /** Whether this tensor's rows lie in another order than Hugging Face's: Llama's queries and keys. */
    boolean isReordered(String name) {
        return architecture.equals("llama") && (isQuery(name) || name.contains("self_attn.k_proj"));
    }

    private static boolean isQuery(String name) {
        return name.contains("self_attn.q_proj");
    }

    /** Puts the rows of a reordered tensor back into Hugging Face's order. */
    void restoreRotaryOrder(String name, Tensor tensor) throws WeightsException {
        long allHeads = whole("attention.head_count");
        long heads = isQuery(name) ? allHeads : whole("attention.head_count_kv", allHeads);
        int rows = tensor.dim(0);
        if (rows == 0 || rows % (2 * heads) != 0) {
            throw new WeightsException(
                    MISSING_TENSOR,
                    "GGUF: tensor " + name + ": rows must be an even multiple of " + heads + " heads, got " + rows);
        }
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

    private boolean has(String key) {
        return metadata.containsKey(architecture + "." + key);
    }

    /** A whole number of this architecture's metadata, from 0 to 2^31 - 1. */
    long whole(String key) throws WeightsException {
        if (metadata.get(architecture + "." + key) instanceof Long value && value >= 0 && value <= Integer.MAX_VALUE) {
            return value;
        }
        throw bad(key, "a whole number below 2^31");
    }

    long whole(String key, long fallback) throws WeightsException {
        return has(key) ? whole(key) : fallback;
    }

    /** A number of this architecture's metadata. Files hold F32; 1e-5 is read as 1e-5, not as the float next to it. */
    double real(String key) throws WeightsException {
        if (metadata.get(architecture + "." + key) instanceof Double value) {
            return (float) (double) value == value ? Double.parseDouble(Float.toString((float) (double) value)) : value;
        }
        throw bad(key, "a real number");
    }

    double real(String key, double fallback) throws WeightsException {
        return has(key) ? real(key) : fallback;
    }

    String text(String key, String fallback) throws WeightsException {
        if (!has(key)) {
            return fallback;
        }
        if (metadata.get(architecture + "." + key) instanceof String text) {
            return text;
        }
        throw bad(key, "a text");
    }

    private WeightsException bad(String key, String form) {
        return new WeightsException(
                INVALID_HEADER,
                "GGUF: metadata must have " + architecture + "." + key + ", " + form + "; got "
                        + metadata.get(architecture + "." + key));
    }
}
