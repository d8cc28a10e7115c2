package dev.distill.student.model;

import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model in llama2.c's first format: seven integers, then the weights as floats, each kind for all layers together.
 * It turns neighbouring entries of a head; the rows of its query and key matrices are put into the half-split order.
 */
final class Llama2cFile implements WeightSource {
    private final ModelConfig config;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final ByteBuffer bytes;

    Llama2cFile(Path file) throws IOException {
        bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int width = bytes.getInt();
        int mlpWidth = bytes.getInt();
        int layers = bytes.getInt();
        int heads = bytes.getInt();
        int kvHeads = bytes.getInt();
        int vocabulary = bytes.getInt();
        int positions = bytes.getInt();
        AttentionShape attention = new AttentionShape(heads, kvHeads, width / heads, false, false, false);
        config = new ModelConfig(
                new Family.Llama(),
                vocabulary,
                width,
                layers,
                attention,
                mlpWidth,
                Rope.of(10_000),
                1e-5,
                true,
                positions,
                List.of(1));
        read();
    }

    ModelConfig config() {
        return config;
    }

    @Override
    public Set<String> names() {
        return weights.keySet();
    }

    @Override
    public Tensor get(String name) {
        Tensor weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("llama2.c file: no " + name);
        }
        return weight;
    }

    private void read() {
        int width = config.width();
        int kv = config.attention().kvWidth();
        put("model.embed_tokens.weight", config.vocabulary(), width);
        forEachLayer("input_layernorm.weight", width);
        forEachLayer("self_attn.q_proj.weight", width, width);
        forEachLayer("self_attn.k_proj.weight", kv, width);
        forEachLayer("self_attn.v_proj.weight", kv, width);
        forEachLayer("self_attn.o_proj.weight", width, width);
        forEachLayer("post_attention_layernorm.weight", width);
        forEachLayer("mlp.gate_proj.weight", config.mlpWidth(), width);
        forEachLayer("mlp.down_proj.weight", width, config.mlpWidth());
        forEachLayer("mlp.up_proj.weight", config.mlpWidth(), width);
        put("model.norm.weight", width);
    }

    private void forEachLayer(String name, int... shape) {
        for (int layer = 0; layer < config.layers(); layer++) {
            put("model.layers." + layer + "." + name, shape);
        }
    }

    private void put(String name, int... shape) {
        int columns = shape.length == 2 ? shape[1] : 1;
        boolean rotated = name.contains("q_proj") || name.contains("k_proj");
        float[] values = new float[shape[0] * columns];
        for (int row = 0; row < shape[0]; row++) {
            int to = rotated ? halfSplit(row) : row;
            for (int column = 0; column < columns; column++) {
                values[to * columns + column] = bytes.getFloat();
            }
        }
        weights.put(name, Tensor.of(Arena.ofAuto(), values, shape));
    }

    /** Entries 2 i and 2 i + 1 of a head become i and i + D/2. */
    private int halfSplit(int row) {
        int headWidth = config.attention().headWidth();
        int within = row % headWidth;
        return row - within + within / 2 + within % 2 * headWidth / 2;
    }
}
