package dev.distill.student.ops;

import java.util.function.IntToDoubleFunction;

/**
 * The divergence of one row, and its gradient by the student's logits z, in a form that needs one pass over the vocabulary. With q = softmax(z / T)
 * and w = q dD/dq of each bucket ({@link Divergence#weights}), W their sum:
 *
 * <pre>
 * dD / d(z_j / T) = w_j - q_j W                       for a token with a bucket of its own
 *                 = q_j (w_rest / q_rest - W)         for any other
 * </pre>
 *
 * <p>The second, {@code q_j} {@link #slope}, is taken for all tokens, and {@link #correction} added where the teacher has named one.
 */
public final class BucketDivergence {
    /**
     * The least mass that all other tokens together are taken to have. Sums of probabilities in FLOAT leave a rest that is known to about 1e-6, and a
     * teacher's that is zero would make impossible what the student may still say.
     */
    public static final double LEAST_REST = 1e-6;

    private final TeacherRows teacher;
    private final int row;
    private final double value;
    private final double slope;
    private final double[] corrections;

    /**
     * @param row of which the teacher says something
     * @param logProbability the student's, of a token, at the temperature of the comparison
     */
    public BucketDivergence(Divergence divergence, TeacherRows teacher, int row, IntToDoubleFunction logProbability) {
        this.teacher = teacher;
        this.row = row;
        int named = teacher.count(row);
        double[] p = new double[named + 1];
        double[] q = new double[named + 1];
        for (int i = 0; i < named; i++) {
            p[i] = possible(teacher.logProbability(row, i));
            q[i] = possible(logProbability.applyAsDouble(teacher.id(row, i)));
        }
        close(p);
        close(q);
        this.value = divergence.at(p, q);
        double[] w = divergence.weights(p, q);
        double sum = 0;
        for (double weight : w) {
            sum += weight;
        }
        double ofRest = w[named] / q[named];
        this.slope = ofRest - sum;
        this.corrections = new double[named];
        for (int i = 0; i < named; i++) {
            corrections[i] = w[i] - q[i] * ofRest;
        }
    }

    /** At low temperatures a probability may be less than a double tells from zero, whose logarithm there is not. */
    private static double possible(double logProbability) {
        return Math.max(StrictMath.exp(logProbability), Double.MIN_NORMAL);
    }

    /** Gives the last bucket what the others leave, and makes the sum one. */
    private static void close(double[] buckets) {
        double sum = 0;
        for (int i = 0; i < buckets.length - 1; i++) {
            sum += buckets[i];
        }
        buckets[buckets.length - 1] = Math.max(1 - sum, LEAST_REST);
        double whole = sum + buckets[buckets.length - 1];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] /= whole;
        }
    }

    /** D, in nats. */
    public double value() {
        return value;
    }

    /** How many tokens have a bucket of their own. */
    public int named() {
        return corrections.length;
    }

    /** The i-th of them. */
    public int token(int i) {
        return teacher.id(row, i);
    }

    /** What every token's {@code q_j} is multiplied by. */
    public double slope() {
        return slope;
    }

    /** What is added for the i-th named token. */
    public double correction(int i) {
        return corrections[i];
    }
}
