package dev.distill.student.model;

import dev.distill.student.ops.SameDiffGraph;
import dev.distill.student.ops.SameDiffGraph.Heads;
import dev.distill.student.ops.Sequences;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;

/** The whole decoder as one graph of SameDiff in double, packed as ours is: loss, and the gradient by every weight. */
final class SameDiffDecoder {
    private final ModelConfig config;
    private final Sequences sequences;
    private final SameDiffGraph graph = new SameDiffGraph();
    private final Map<String, SDVariable> weights = new LinkedHashMap<>();
    private final SDVariable losses_N;

    /** @param dloss factor of every row's loss in the sum whose gradients are found */
    SameDiffDecoder(ModelWeights from, PackedRow row, double dloss) {
        config = from.config();
        sequences = row.sequences();
        for (String name : from.names()) {
            weights.put(name, graph.input(name, from.get(name)));
        }
        SDVariable x_NC = graph.embed(weight("model.embed_tokens.weight"), config.vocabulary(), row.ids_N());
        for (int layer = 0; layer < config.layers(); layer++) {
            x_NC = block("model.layers." + layer, x_NC);
        }
        SDVariable head_VC = weight(config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
        SDVariable logits_NV = graph.linear(norm("model.norm", x_NC, 1), head_VC);
        losses_N = graph.crossEntropy(logits_NV, config.vocabulary(), row.targets_N());
        graph.differentiate(losses_N.mul(dloss));
    }

    /** Sum of the losses of all targets, in nats. */
    double lossSum() {
        return Arrays.stream(graph.value(losses_N)).sum();
    }

    double[] gradient(String weight) {
        return graph.gradient(weight);
    }

    private SDVariable block(String name, SDVariable x_NC) {
        SDVariable h_NC = x_NC.add(attention(name + ".self_attn", norm(name + ".input_layernorm", x_NC, 1)));
        SDVariable normed_NC = norm(name + ".post_attention_layernorm", h_NC, 1);
        SDVariable inner_NF =
                graph.swiGlu(linear(name + ".mlp.gate_proj", normed_NC), linear(name + ".mlp.up_proj", normed_NC));
        return h_NC.add(linear(name + ".mlp.down_proj", inner_NF));
    }

    private SDVariable attention(String name, SDVariable x_NC) {
        AttentionShape shape = config.attention();
        SDVariable out_NHD = graph.attention(
                        turned(name + ".q", shape.heads(), x_NC),
                        turned(name + ".k", shape.kvHeads(), x_NC),
                        heads(linear(name + ".v_proj", x_NC), shape.kvHeads()),
                        new Heads(shape.heads(), shape.kvHeads(), shape.headWidth()),
                        sequences,
                        1 / Math.sqrt(shape.headWidth()))
                .out_NHD();
        return linear(name + ".o_proj", out_NHD.reshape(sequences.rows(), (long) shape.queryWidth()));
    }

    /** Projection, norm where the model has one, and rotation of queries or keys. */
    private SDVariable turned(String name, int heads, SDVariable x_NC) {
        SDVariable x_NHD = heads(linear(name + "_proj", x_NC), heads);
        SDVariable normed_NHD = config.attention().qkNorm() ? norm(name + "_norm", x_NHD, 2) : x_NHD;
        int width = config.attention().headWidth();
        float[] frequencies = config.rope().inverseFrequencies(width);
        double[] angles = new double[sequences.rows() * frequencies.length];
        for (int i = 0; i < angles.length; i++) {
            // the product in float, as ours: it is part of what these models are
            angles[i] = sequences.positions()[i / frequencies.length] * frequencies[i % frequencies.length];
        }
        return graph.rotary(normed_NHD, width, angles);
    }

    private SDVariable heads(SDVariable x_NO, int heads) {
        return x_NO.reshape(sequences.rows(), heads, (long) config.attention().headWidth());
    }

    private SDVariable linear(String name, SDVariable x) {
        SDVariable bias = weights.get(name + ".bias");
        return bias == null
                ? graph.linear(x, weight(name + ".weight"))
                : graph.linear(x, weight(name + ".weight"), bias);
    }

    private SDVariable norm(String name, SDVariable x, int last) {
        return graph.rmsNorm(x, last, weight(name + ".weight"), config.normEpsilon());
    }

    private SDVariable weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }
}
