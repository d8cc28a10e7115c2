package dev.distill.student.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a decoder. A value that exists is valid.
 *
 * <p>Letters: V vocabulary, C width, L layers, H query heads, K key/value heads, D head width, F MLP width.
 *
 * @param family whose model this is: how it is named and written
 * @param vocabulary rows V of the embedding
 * @param width model width C
 * @param layers number of blocks L
 * @param attention heads and options of each block's attention
 * @param mlpWidth inner width F of each block's SwiGLU
 * @param rope rotary embedding
 * @param normEpsilon added to the mean square inside every RMS norm
 * @param tiedEmbeddings whether the output projection is the embedding
 * @param maxPositions the longest sequence, in tokens, that the model is meant for
 * @param eosIds the ids that end a text; empty where the model has none
 */
public record ModelConfig(
        Family family,
        int vocabulary,
        int width,
        int layers,
        AttentionShape attention,
        int mlpWidth,
        Rope rope,
        double normEpsilon,
        boolean tiedEmbeddings,
        int maxPositions,
        List<Integer> eosIds) {

    /** The linear layers of a block, by the end of their names. */
    static final List<String> PROJECTIONS = List.of(
            "self_attn.q_proj",
            "self_attn.k_proj",
            "self_attn.v_proj",
            "self_attn.o_proj",
            "mlp.gate_proj",
            "mlp.up_proj",
            "mlp.down_proj");

    /** Name of the embedding. */
    static final String EMBEDDING = "model.embed_tokens.weight";

    /** Name of the output head where it is not the embedding. */
    static final String HEAD = "lm_head.weight";

    public ModelConfig {
        eosIds = List.copyOf(eosIds);
        Problems problems = new Problems("model config");
        problems.check(vocabulary > 0, "the vocabulary must be positive, got %d", vocabulary);
        problems.check(width > 0, "the width must be positive, got %d", width);
        problems.check(layers > 0, "the number of layers must be positive, got %d", layers);
        problems.check(mlpWidth > 0, "the MLP width must be positive, got %d", mlpWidth);
        problems.check(
                normEpsilon > 0 && normEpsilon < 1, "the norm epsilon must lie between 0 and 1, got %s", normEpsilon);
        problems.check(maxPositions > 0, "the longest sequence must be positive, got %d", maxPositions);
        for (int id : eosIds) {
            problems.check(
                    id >= 0 && id < vocabulary, "end id %d lies outside of the vocabulary of %d", id, vocabulary);
        }
        problems.throwIfAny();
    }

    /** The same decoder with another base of its rotary frequencies, whatever its file says. */
    public ModelConfig withRopeTheta(double theta) {
        return new ModelConfig(
                family,
                vocabulary,
                width,
                layers,
                attention,
                mlpWidth,
                rope.withTheta(theta),
                normEpsilon,
                tiedEmbeddings,
                maxPositions,
                eosIds);
    }

    /** Names of the weights that have a row for each token. */
    public List<String> vocabularyMatrices() {
        return tiedEmbeddings ? List.of(EMBEDDING) : List.of(EMBEDDING, HEAD);
    }

    /** Name of the weight that makes logits. */
    String head() {
        return tiedEmbeddings ? EMBEDDING : HEAD;
    }

    /** Every weight of a decoder of this shape, in the order of the forward pass. */
    public List<ParameterSpec> parameters() {
        List<ParameterSpec> all = new ArrayList<>();
        all.add(ParameterSpec.matrix(EMBEDDING, vocabulary, width));
        for (int layer = 0; layer < layers; layer++) {
            addLayer(all, "model.layers." + layer);
        }
        all.add(ParameterSpec.vector("model.norm.weight", width));
        if (!tiedEmbeddings) {
            all.add(ParameterSpec.matrix(HEAD, vocabulary, width));
        }
        return List.copyOf(all);
    }

    /** The number of single weights, tied ones counted once. */
    public long parameterCount() {
        return parameters().stream().mapToLong(ParameterSpec::size).sum();
    }

    private void addLayer(List<ParameterSpec> all, String layer) {
        int q = attention.queryWidth();
        int kv = attention.kvWidth();
        all.add(ParameterSpec.vector(layer + ".input_layernorm.weight", width));
        addLinear(all, layer + ".self_attn.q_proj", q, width, attention.qkvBias());
        addLinear(all, layer + ".self_attn.k_proj", kv, width, attention.qkvBias());
        addLinear(all, layer + ".self_attn.v_proj", kv, width, attention.qkvBias());
        if (attention.qkNorm()) {
            all.add(ParameterSpec.vector(layer + ".self_attn.q_norm.weight", attention.headWidth()));
            all.add(ParameterSpec.vector(layer + ".self_attn.k_norm.weight", attention.headWidth()));
        }
        addLinear(all, layer + ".self_attn.o_proj", width, q, attention.outputBias());
        all.add(ParameterSpec.vector(layer + ".post_attention_layernorm.weight", width));
        addLinear(all, layer + ".mlp.gate_proj", mlpWidth, width, false);
        addLinear(all, layer + ".mlp.up_proj", mlpWidth, width, false);
        addLinear(all, layer + ".mlp.down_proj", width, mlpWidth, false);
    }

    private static void addLinear(List<ParameterSpec> all, String name, int out, int in, boolean bias) {
        all.add(ParameterSpec.matrix(name + ".weight", out, in));
        if (bias) {
            all.add(ParameterSpec.vector(name + ".bias", out));
        }
    }
}
