package dev.distill.student.ops;

/**
 * The loss of a batch.
 *
 * @param sum of the losses of all rows that have a target, in nats
 * @param count of those rows
 * @param crossEntropy sum of minus the targets' log-probabilities: the loss itself where there is no teacher
 * @param divergence sum of the distances from the teacher, unweighted; 0 where there is none
 */
public record LossSum(double sum, int count, double crossEntropy, double divergence) {
    public static final LossSum ZERO = new LossSum(0, 0);

    /** Without a teacher. */
    public LossSum(double sum, int count) {
        this(sum, count, sum, 0);
    }

    /** Two batches as one. */
    public LossSum plus(LossSum other) {
        return new LossSum(
                sum + other.sum, count + other.count, crossEntropy + other.crossEntropy, divergence + other.divergence);
    }

    /** Nats per target; NaN where there is none. */
    public double mean() {
        return sum / count;
    }
}
