package dev.distill.student.ops;

/**
 * Numbers of one AdamW update (Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", algorithm 2, in the form that PyTorch
 * computes).
 *
 * @param learningRate of this step, from the schedule
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, above 0
 * @param weightDecay the weight loses {@code learningRate * weightDecay} of itself; 0 for biases and norms
 * @param step number of this update, from 1; for the correction of the moments' bias
 * @param clip what the gradient is multiplied by first, in [0, 1]; 1 where its norm is not clipped
 */
public record AdamW(
        float learningRate, float beta1, float beta2, float epsilon, float weightDecay, int step, float clip) {
    public AdamW {
        boolean valid = learningRate >= 0
                && beta1 >= 0
                && beta1 < 1
                && beta2 >= 0
                && beta2 < 1
                && epsilon > 0
                && weightDecay >= 0
                && clip >= 0
                && clip <= 1;
        if (!valid || step < 1) {
            throw new IllegalArgumentException(
                    "AdamW: needs learning rate and weight decay from 0 on, betas in [0, 1), epsilon above 0, a step"
                            + " from 1 on and clip in [0, 1], got learning rate " + learningRate + ", weight decay "
                            + weightDecay
                            + ", betas " + beta1 + " and "
                            + beta2 + ", epsilon " + epsilon + ", step " + step + ", clip " + clip);
        }
    }
}
