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
 * @param soft what a teacher expects at the rows that have a target; null where there is none
 * @param loss_N output: each row's loss in nats, that is minus the target's log-probability, mixed with the distance from the teacher
 *     ({@link Distillation}) where there is one; 0 where there is no target
 */
public record CrossEntropy(
        Tensor x_NC,
        Tensor w_VC,
        @Nullable Tensor eightBits_VC,
        int[] targets_N,
        @Nullable SoftTargets soft,
        Tensor loss_N) {
    /** A row without a target. */
    public static final int NO_TARGET = -1;

    public CrossEntropy {
        targets_N = targets_N.clone();
        Rules.crossEntropy(x_NC, w_VC, eightBits_VC, targets_N, loss_N);
        if (soft != null) {
            Rules.softTargets(soft.teacher(), targets_N.length, w_VC.dim(0));
        }
    }

    /** All from one head, of the targets alone. */
    public CrossEntropy(Tensor x_NC, Tensor w_VC, int[] targets_N, Tensor loss_N) {
        this(x_NC, w_VC, null, targets_N, null, loss_N);
    }

    /** Of the targets alone, logits from a head in INT8. */
    public CrossEntropy(Tensor x_NC, Tensor w_VC, Tensor eightBits_VC, int[] targets_N, Tensor loss_N) {
        this(x_NC, w_VC, eightBits_VC, targets_N, null, loss_N);
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
