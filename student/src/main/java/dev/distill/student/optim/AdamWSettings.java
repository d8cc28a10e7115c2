package dev.distill.student.optim;

/**
 * What AdamW is to do on every step; the learning rate comes from a {@link Schedule}.
 *
 * @param beta1 decay of the gradients' mean
 * @param beta2 decay of the gradients' mean square
 * @param epsilon added to the root of the mean square
 * @param weightDecay share of a matrix that a step takes away, times the learning rate; norms and biases keep theirs
 * @param clipNorm the longest that all gradients together may be; longer ones are scaled down to it; infinite for never
 */
public record AdamWSettings(double beta1, double beta2, double epsilon, double weightDecay, double clipNorm)
        implements OptimizerSettings {
    /** (0.9, 0.95), epsilon 1e-8, decay 0.01, clipping at 1: usual for fine-tuning language models. */
    public static final AdamWSettings DEFAULT = new AdamWSettings(0.9, 0.95, 1e-8, 0.01, 1.0);

    public AdamWSettings {
        boolean valid = beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0;
        if (!valid || !(clipNorm > 0)) {
            throw new IllegalArgumentException("AdamW: need betas in [0, 1), epsilon > 0, weight decay >= 0 and a"
                    + " clipping norm > 0; got betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon + ", weight"
                    + " decay " + weightDecay + ", clipping norm " + clipNorm);
        }
    }

    @Override
    public AdamWSettings adamW() {
        return this;
    }
}
