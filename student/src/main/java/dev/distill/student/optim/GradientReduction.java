package dev.distill.student.optim;

import dev.distill.student.ops.LossSum;
import dev.distill.student.tensor.Tensor;
import java.util.List;

/** Brings together the gradients of replicas that each train on a share of a step's micro-batches. */
@FunctionalInterface
public interface GradientReduction {
    /** For the only replica, which has nobody to agree with. */
    GradientReduction ALONE = (gradients, loss) -> loss;

    /**
     * Called once a step by each replica, between its backward and its update.
     *
     * @param gradients of the mean loss over this replica's targets, in the same order in each replica; to be replaced by those of the mean over all
     *     targets: the sum of each replica's gradient times its share of the targets
     * @param loss of this replica's targets
     * @return the loss of all replicas' targets
     */
    LossSum reduce(List<Tensor> gradients, LossSum loss);
}
