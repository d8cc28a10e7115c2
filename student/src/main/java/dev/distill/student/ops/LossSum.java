package dev.distill.student.ops;

/**
 * Cross-entropy over a batch.
 *
 * @param sum of the losses of all rows that have a target, in nats
 * @param count of those rows
 */
public record LossSum(double sum, int count) {
    /** Two batches as one. */
    public LossSum plus(LossSum other) {
        return new LossSum(sum + other.sum, count + other.count);
    }

    /** Nats per target; NaN where there is none. */
    public double mean() {
        return sum / count;
    }
}
