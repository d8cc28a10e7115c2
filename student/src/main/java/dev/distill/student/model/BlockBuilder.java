package dev.distill.student.model;

import dev.distill.student.layer.Block;
import dev.distill.student.layer.Linear;
import dev.distill.student.layer.Mlp;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Projection;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.layer.RmsNorm;
import dev.distill.student.layer.Rotary;
import dev.distill.student.layer.SelfAttention;
import java.util.List;
import java.util.stream.IntStream;

/** Puts a decoder's blocks together from their weights, by name. */
final class BlockBuilder {
    private final ModelConfig config;
    private final ModelWeights weights;
    private final ProjectionWrapper wrapper;
    private final Rotary rotary;

    BlockBuilder(ModelWeights weights, ProjectionWrapper wrapper) {
        this.config = weights.config();
        this.weights = weights;
        this.wrapper = wrapper;
        int headWidth = config.attention().headWidth();
        this.rotary = new Rotary(
                config.rope().inverseFrequencies(headWidth), config.rope().amplitude(), config.maxPositions());
    }

    List<Block> build() {
        return IntStream.range(0, config.layers())
                .mapToObj(layer -> block("model.layers." + layer))
                .toList();
    }

    private Block block(String layer) {
        return new Block(
                norm(layer + ".input_layernorm"),
                attention(layer + ".self_attn"),
                norm(layer + ".post_attention_layernorm"),
                new Mlp(
                        projection(layer + ".mlp.gate_proj", false),
                        projection(layer + ".mlp.up_proj", false),
                        projection(layer + ".mlp.down_proj", false)));
    }

    private SelfAttention attention(String name) {
        AttentionShape shape = config.attention();
        SelfAttention.Projections projections = new SelfAttention.Projections(
                projection(name + ".q_proj", shape.qkvBias()),
                projection(name + ".k_proj", shape.qkvBias()),
                projection(name + ".v_proj", shape.qkvBias()),
                projection(name + ".o_proj", shape.outputBias()));
        SelfAttention.HeadNorms norms =
                shape.qkNorm() ? new SelfAttention.HeadNorms(norm(name + ".q_norm"), norm(name + ".k_norm")) : null;
        return new SelfAttention(projections, norms, rotary, shape.headWidth());
    }

    private Projection projection(String name, boolean biased) {
        Parameter weight = wrapper.replace(weights.parameter(name + ".weight"));
        Parameter bias = biased ? wrapper.replace(weights.parameter(name + ".bias")) : null;
        return wrapper.wrap(name, new Linear(weight, bias));
    }

    private RmsNorm norm(String name) {
        return new RmsNorm(wrapper.replace(weights.parameter(name + ".weight")), config.normEpsilon());
    }
}
