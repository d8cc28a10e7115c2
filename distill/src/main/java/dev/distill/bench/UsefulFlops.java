package dev.distill.bench;

import dev.distill.bench.TrainBench.Mode;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.PackedRow;

/**
 * The floating-point operations that training cannot do without, a multiply-add being two.
 *
 * <p>With N the weights of all matrices that multiply, which is every one but the input embedding (a tied one counts, as the
 * head), T the tokens of a row, L blocks and H heads of width D:
 *
 * <pre>
 * full = 6 N + 6 (T + 1) H D L      forward, the gradients of the inputs and those of the weights: 2 N each
 * LoRA = 4 N + 6 (T + 1) H D L      without the gradients of the weights
 * </pre>
 *
 * <p>The second term is causal attention: a query meets (T + 1) / 2 keys in the mean, with 2 D for its scores and 2 D for its sum
 * of values, and the backward is twice the forward in either mode. Left out are what a clever program may save (computing
 * activations again) and what is small: norms, softmax, biases, the adapter, the optimizer.
 */
public final class UsefulFlops {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    private final double ofWeights;
    private final double ofAPosition;

    private UsefulFlops(double ofWeights, double ofAPosition) {
        this.ofWeights = ofWeights;
        this.ofAPosition = ofAPosition;
    }

    /** Of training this model. */
    public static UsefulFlops of(ModelConfig config, Mode mode) {
        AttentionShape attention = config.attention();
        int passes = switch (mode) {
            case FULL -> 3;
            case LORA, QLORA -> 2;
        };
        return new UsefulFlops(
                2.0 * passes * multiplied(config), 6.0 * attention.heads() * attention.headWidth() * config.layers());
    }

    /** Of one trained token, in a sequence of so many. */
    public double perToken(int tokens) {
        return ofWeights + (tokens + 1) * ofAPosition;
    }

    /** Of a row, each of whose sequences sees itself alone. */
    public double perRow(PackedRow row) {
        int[] starts = row.sequences().starts();
        double flops = 0;
        for (int s = 1; s < starts.length; s++) {
            int tokens = starts[s] - starts[s - 1];
            flops += tokens * perToken(tokens);
        }
        return flops;
    }

    /** N. */
    private static long multiplied(ModelConfig config) {
        return config.parameters().stream()
                .filter(spec -> spec.shape().size() == 2)
                .filter(spec -> config.tiedEmbeddings() || !spec.name().equals(EMBEDDING))
                .mapToLong(spec -> spec.size())
                .sum();
    }
}
