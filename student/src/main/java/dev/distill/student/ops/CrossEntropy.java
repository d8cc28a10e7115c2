package dev.distill.student.ops;

import dev.distill.student.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One cross-entropy of {@code softmax(x_NC w_VCᵀ)} against targets: what goes in, and where each row's loss goes.
 *
 * @param x_NC the model's last activations
 * @param w_VC the output head, in the layout of a linear layer's weight
 * @param eightBits_VC the same head in INT8, from which logits are computed; null where they come from {@code w_VC}. Gradients always use
 *     {@code w_VC}: a row of them is one large entry and a vocabulary of tiny ones, which eight bits cannot hold
 * @param targets_N token ids below V; -1 where there is no target
 * @param loss_N output: each row's loss in nats, that is minus the target's log-probability; 0 where there is no target
 */
public record CrossEntropy(
        Tensor x_NC, Tensor w_VC, @Nullable Tensor eightBits_VC, int[] targets_N, Tensor loss_N) {
    /** A row without a target. */
    public static final int NO_TARGET = -1;

    public CrossEntropy {
        targets_N = targets_N.clone();
        Rules.crossEntropy(x_NC, w_VC, eightBits_VC, targets_N, loss_N);
    }

    /** All from one head. */
    public CrossEntropy(Tensor x_NC, Tensor w_VC, int[] targets_N, Tensor loss_N) {
        this(x_NC, w_VC, null, targets_N, loss_N);
    }

    /** N, rows. */
    public int rows() {
        return targets_N.length;
    }

    /** The target of a row, or {@link #NO_TARGET}. */
    public int target(int row) {
        return targets_N[row];
    }

    @Override
    public int[] targets_N() {
        return targets_N.clone();
    }
}
