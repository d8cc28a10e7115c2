package dev.distill.student.optim;

import dev.distill.student.model.ParameterSpec;

/**
 * Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon) for the matrices of linear layers inside the blocks, AdamW for all else: the
 * embedding, the head, vectors, adapters. Its update is as large as AdamW's is (Liu et al. 2025, arXiv:2502.16982, equation 4), so that one learning
 * rate serves both.
 *
 * @param momentum decay of the gradients' mean, 0.95 as a rule; Nesterov's look ahead is in it
 * @param adamW for the other weights; its weight decay and clipping hold for Muon's too
 */
public record MuonSettings(double momentum, AdamWSettings adamW) implements OptimizerSettings {
    /** That of the paper, and of PyTorch. */
    public static final double MOMENTUM = 0.95;

    public MuonSettings {
        if (!(momentum >= 0) || momentum >= 1) {
            throw new IllegalArgumentException("Muon: the momentum must be in [0, 1), got " + momentum);
        }
    }

    /** Whether it is Muon that updates this weight. */
    public static boolean takes(ParameterSpec weight) {
        return Muon.takes(weight.name(), weight.shape().size());
    }

    /** Floating-point operations of one update of such a matrix. */
    public static double operations(ParameterSpec matrix) {
        return Muon.operations(matrix.dims()[0], matrix.dims()[1]);
    }
}
