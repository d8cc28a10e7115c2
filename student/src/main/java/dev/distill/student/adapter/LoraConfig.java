package dev.distill.student.adapter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a LoRA adapter looks like. The words are PEFT's.
 *
 * @param rank R of the two factors
 * @param alpha the product of the factors is scaled by {@code alpha / rank}
 * @param rankStabilised scale by {@code alpha / sqrt(rank)} instead (arXiv:2312.03732)
 * @param dora whether each row of the changed weight has a trained length (arXiv:2402.09353)
 * @param targets which linear layers get one, by the end of their name: {@code q_proj}, or {@code mlp.up_proj}; the
 *     name {@code all-linear} means every one inside the blocks
 * @param patterns ranks and alphas of their own
 * @param saved copies of whole modules beside the factors
 * @param plusRatio B is trained at so many times the learning rate (LoRA+, arXiv:2402.12354); no file says it
 * @param seed of the first factor's start
 */
public record LoraConfig(
        int rank,
        double alpha,
        boolean rankStabilised,
        boolean dora,
        List<String> targets,
        Patterns patterns,
        Saved saved,
        double plusRatio,
        long seed) {
    /** Every linear layer inside the blocks. */
    public static final String ALL_LINEAR = "all-linear";

    /** Plain LoRA or rsLoRA, alike in every layer. */
    public LoraConfig(int rank, double alpha, boolean rankStabilised, List<String> targets, long seed) {
        this(rank, alpha, rankStabilised, false, targets, Patterns.NONE, Saved.NONE, 1, seed);
    }

    public LoraConfig {
        targets = List.copyOf(targets);
        if (rank < 1 || !(alpha > 0) || targets.isEmpty()) {
            throw new IllegalArgumentException("lora: need a rank of at least 1, a positive alpha and at least one"
                    + " target; got rank " + rank + ", alpha " + alpha + ", targets " + targets);
        }
        if (!(plusRatio > 0)) {
            throw new IllegalArgumentException("lora: the ratio of LoRA+ must be positive, got " + plusRatio);
        }
    }

    /**
     * Layers whose rank or alpha is another. A key is a regular expression for the name of a layer, or for the end of it from some part on;
     * the first that matches counts.
     */
    public record Patterns(Map<String, Integer> ranks, Map<String, Double> alphas) {
        /** All layers alike. */
        public static final Patterns NONE = new Patterns(Map.of(), Map.of());

        public Patterns {
            ranks = Collections.unmodifiableMap(new LinkedHashMap<>(ranks)); // their order decides
            alphas = Collections.unmodifiableMap(new LinkedHashMap<>(alphas));
            ranks.forEach((key, rank) -> check("rank", key, rank >= 1));
            alphas.forEach((key, alpha) -> check("alpha", key, alpha > 0));
        }

        private static void check(String what, String key, boolean positive) {
            if (!positive) {
                throw new IllegalArgumentException("lora: the " + what + " of pattern '" + key + "' must be positive");
            }
            try {
                pattern(key);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "lora: the key of a " + what + " must be a regular expression, got '" + key + "'", e);
            }
        }

        private static Pattern pattern(String key) {
            return Pattern.compile("(.*\\.)?(" + key + ")");
        }

        private static <T> T of(Map<String, T> values, String layer, T otherwise) {
            return values.entrySet().stream()
                    .filter(entry -> pattern(entry.getKey()).matcher(layer).matches())
                    .findFirst()
                    .map(Map.Entry::getValue)
                    .orElse(otherwise);
        }
    }

    /**
     * Modules of which the adapter has a copy of its own, trained whole.
     *
     * @param modules by the end of their names, which need not begin at a part: {@code embed_tokens}, or {@code norm} for all norms
     * @param tied whether the copy of an embedding that is the head too stays both (PEFT's {@code ensure_weight_tying})
     */
    public record Saved(List<String> modules, boolean tied) {
        /** No copies. */
        public static final Saved NONE = new Saved(List.of(), false);

        public Saved {
            modules = List.copyOf(modules);
        }

        boolean means(String module) {
            return modules.stream().anyMatch(module::endsWith);
        }
    }

    /** The same with copies of modules. */
    public LoraConfig withSaved(Saved others) {
        return new LoraConfig(rank, alpha, rankStabilised, dora, targets, patterns, others, plusRatio, seed);
    }

    /** The same with a trained length for each row, or without. */
    public LoraConfig withDora(boolean on) {
        return new LoraConfig(rank, alpha, rankStabilised, on, targets, patterns, saved, plusRatio, seed);
    }

    /** The same with ranks and alphas of their own for some layers. */
    public LoraConfig withPatterns(Patterns others) {
        return new LoraConfig(rank, alpha, rankStabilised, dora, targets, others, saved, plusRatio, seed);
    }

    /** The same, B being trained at so many times the learning rate. */
    public LoraConfig withPlusRatio(double ratio) {
        return new LoraConfig(rank, alpha, rankStabilised, dora, targets, patterns, saved, ratio, seed);
    }

    /** R of this layer. */
    int rank(String layer) {
        return Patterns.of(patterns.ranks, layer, rank);
    }

    /** The factor in {@code y = x Wᵀ + scaling x Aᵀ Bᵀ}, in layers that no pattern matches. */
    public double scaling() {
        return scaling(alpha, rank);
    }

    /** The factor in this layer. */
    double scaling(String layer) {
        return scaling(Patterns.of(patterns.alphas, layer, alpha), rank(layer));
    }

    private double scaling(double alpha, int rank) {
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
