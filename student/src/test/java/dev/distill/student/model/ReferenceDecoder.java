package dev.distill.student.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The decoder once more in plain double loops, forward only: what gradients are measured against by central
 * differences. Written from the papers' equations, one position after the other, without packing.
 */
final class ReferenceDecoder {
    private final ModelConfig config;
    private final Map<String, double[]> weights = new LinkedHashMap<>();

    ReferenceDecoder(ModelWeights from) {
        this.config = from.config();
        for (String name : from.names()) {
            float[] values = from.get(name).toArray();
            double[] copy = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                copy[i] = values[i];
            }
            weights.put(name, copy);
        }
    }

    /** The weight itself: change it and ask for the loss again. */
    double[] weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /** Sum of the losses of all targets, in nats. */
    double lossSum(PackedRow row) {
        double sum = 0;
        for (int s = 0; s < row.sequences().count(); s++) {
            int start = row.sequences().start(s);
            double[][] x = new double[row.sequences().length(s)][];
            for (int n = 0; n < x.length; n++) {
                x[n] = rowOf("model.embed_tokens.weight", row.ids_N()[start + n]);
            }
            for (int layer = 0; layer < config.layers(); layer++) {
                block("model.layers." + layer, x);
            }
            for (int n = 0; n < x.length; n++) {
                int target = row.targets_N()[start + n];
                sum += target < 0 ? 0 : loss(x[n], target);
            }
        }
        return sum;
    }

    private double loss(double[] x, int target) {
        String head = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
        double[] logits = linear(head, norm("model.norm", x), config.vocabulary());
        double total = 0;
        for (double logit : logits) {
            total += Math.exp(logit);
        }
        return Math.log(total) - logits[target];
    }

    private void block(String name, double[][] x) {
        AttentionShape shape = config.attention();
        double[][] q = new double[x.length][];
        double[][] k = new double[x.length][];
        double[][] v = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            double[] normed = norm(name + ".input_layernorm", x[n]);
            q[n] = heads(name + ".self_attn.q", linear(name + ".self_attn.q_proj", normed, shape.queryWidth()), n);
            k[n] = heads(name + ".self_attn.k", linear(name + ".self_attn.k_proj", normed, shape.kvWidth()), n);
            v[n] = linear(name + ".self_attn.v_proj", normed, shape.kvWidth());
        }
        for (int n = 0; n < x.length; n++) {
            double[] seen = attention(q[n], k, v, n);
            add(x[n], linear(name + ".self_attn.o_proj", seen, config.width()));
            double[] normed = norm(name + ".post_attention_layernorm", x[n]);
            double[] inner = linear(name + ".mlp.gate_proj", normed, config.mlpWidth());
            double[] up = linear(name + ".mlp.up_proj", normed, config.mlpWidth());
            for (int f = 0; f < inner.length; f++) {
                inner[f] = inner[f] / (1 + Math.exp(-inner[f])) * up[f];
            }
            add(x[n], linear(name + ".mlp.down_proj", inner, config.width()));
        }
    }

    /** Norm, where the model has one, and rotation of each head. */
    private double[] heads(String name, double[] x, int position) {
        int width = config.attention().headWidth();
        float[] frequencies = config.rope().inverseFrequencies(width);
        double[] y = new double[x.length];
        for (int from = 0; from < x.length; from += width) {
            double[] head = Arrays.copyOfRange(x, from, from + width);
            double[] normed = config.attention().qkNorm() ? norm(name + "_norm", head) : head;
            for (int i = 0; i < width / 2; i++) {
                double angle = position * frequencies[i];
                double a = normed[i];
                double b = normed[i + width / 2];
                double cos = config.rope().amplitude() * Math.cos(angle);
                double sin = config.rope().amplitude() * Math.sin(angle);
                y[from + i] = a * cos - b * sin;
                y[from + i + width / 2] = b * cos + a * sin;
            }
        }
        return y;
    }

    private double[] attention(double[] q, double[][] k, double[][] v, int last) {
        AttentionShape shape = config.attention();
        int width = shape.headWidth();
        double[] out = new double[q.length];
        for (int h = 0; h < shape.heads(); h++) {
            int kv = h / (shape.heads() / shape.kvHeads()) * width;
            double total = 0;
            for (int m = 0; m <= last; m++) {
                double score = 0;
                for (int d = 0; d < width; d++) {
                    score += q[h * width + d] * k[m][kv + d];
                }
                double weight = Math.exp(score / Math.sqrt(width));
                total += weight;
                for (int d = 0; d < width; d++) {
                    out[h * width + d] += weight * v[m][kv + d];
                }
            }
            for (int d = 0; d < width; d++) {
                out[h * width + d] /= total;
            }
        }
        return out;
    }

    private double[] linear(String name, double[] x, int outputs) {
        double[] w = weight(name + ".weight");
        double[] bias = weights.get(name + ".bias");
        double[] y = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            y[o] = bias == null ? 0 : bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += w[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private double[] norm(String name, double[] x) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double rstd = 1 / Math.sqrt(squares / x.length + config.normEpsilon());
        double[] w = weight(name + ".weight");
        double[] y = new double[x.length];
        for (int c = 0; c < x.length; c++) {
            y[c] = w[c] * x[c] * rstd;
        }
        return y;
    }

    private double[] rowOf(String name, int row) {
        return Arrays.copyOfRange(weight(name), row * config.width(), (row + 1) * config.width());
    }

    private static void add(double[] x, double[] y) {
        for (int c = 0; c < x.length; c++) {
            x[c] += y[c];
        }
    }
}
