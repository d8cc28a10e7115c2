package dev.distill.student.adapter;

import java.util.List;

/**
 * What a LoRA adapter looks like. The words are PEFT's.
 *
 * @param rank R of the two factors
 * @param alpha the product of the factors is scaled by {@code alpha / rank}
 * @param rankStabilised scale by {@code alpha / sqrt(rank)} instead (arXiv:2312.03732)
 * @param targets which linear layers get one, by the end of their name: {@code q_proj}, or {@code mlp.up_proj}; the
 *     name {@code all-linear} means every one inside the blocks
 * @param seed of the first factor's start
 */
public record LoraConfig(int rank, double alpha, boolean rankStabilised, List<String> targets, long seed) {
    /** Every linear layer inside the blocks. */
    public static final String ALL_LINEAR = "all-linear";

    public LoraConfig {
        targets = List.copyOf(targets);
        if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
            throw new IllegalArgumentException("lora: need a rank of at least 1, a positive alpha and at least one"
                    + " target; got rank " + rank + ", alpha " + alpha + ", targets " + targets);
        }
    }

    /** The factor in {@code y = x Wᵀ + scaling x Aᵀ Bᵀ}. */
    public double scaling() {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }

    /** Rank of the adapter of the linear layer of this name ({@code model.layers.0.self_attn.q_proj}); 0 where it gets none. */
    public int rankOf(String layer) {
        return targets(layer) ? rank : 0;
    }

    /** Whether the layer of this name gets an adapter. */
    boolean targets(String layer) {
        return targets.stream().anyMatch(target -> matches(target, layer));
    }

    /** Names are matched by whole parts, from the end. */
    static boolean matches(String target, String layer) {
        return target.equals(ALL_LINEAR) || layer.equals(target) || layer.endsWith("." + target);
    }
}
