package dev.distill.student.model;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import java.util.List;
import java.util.Random;

/** Models of a few hundred weights, and rows for them. */
public final class TinyModels {
    public static final int VOCABULARY = 11;

    /** Qwen 2's options: biases on q, k and v; grouped queries; tied embeddings. */
    public static final ModelConfig QWEN2 =
            config(new Family.Qwen2(), new AttentionShape(4, 2, 4, true, false, false), true);

    /** Qwen 3's: norms over heads, a head width that is not width / heads, an output matrix of its own. */
    public static final ModelConfig QWEN3 =
            config(new Family.Qwen3(), new AttentionShape(2, 1, 6, false, false, true), false);

    /** Llama's, with every bias that its config allows. */
    public static final ModelConfig LLAMA =
            config(new Family.Llama(), new AttentionShape(4, 4, 2, true, true, false), false);

    private TinyModels() {}

    private static ModelConfig config(Family family, AttentionShape attention, boolean tied) {
        return new ModelConfig(family, VOCABULARY, 8, 2, attention, 10, Rope.of(100), 1e-5, tied, 64, List.of(0));
    }

    /** Weights large enough that every part of the model matters. */
    public static ModelWeights weights(ModelConfig config, long seed) {
        ModelWeights weights = ModelWeights.random(config, seed);
        Random random = new Random(seed);
        for (String name : weights.names()) {
            Tensor value = weights.get(name);
            for (long i = 0; i < value.size(); i++) {
                float noise = (float) random.nextGaussian();
                value.set(i, name.contains("norm") ? 1 + 0.2f * noise : 0.4f * noise);
            }
        }
        return weights;
    }

    /** Fills a tensor with normal numbers of deviation 0.4. */
    static void randomise(Tensor tensor, long seed) {
        Random random = new Random(seed);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, 0.4f * (float) random.nextGaussian());
        }
    }

    /** Two sequences of random tokens, the first few of each without a target. */
    public static PackedRow row(long seed, int... lengths) {
        Random random = new Random(seed);
        Sequences sequences = Sequences.ofLengths(lengths);
        int[] positions = sequences.positions();
        int[] ids = random.ints(sequences.rows(), 0, VOCABULARY).toArray();
        int[] targets = random.ints(sequences.rows(), 0, VOCABULARY).toArray();
        for (int n = 0; n < ids.length; n++) {
            if (positions[n] < 2) {
                targets[n] = CrossEntropy.NO_TARGET;
            }
        }
        return new PackedRow(ids, targets, sequences);
    }
}
