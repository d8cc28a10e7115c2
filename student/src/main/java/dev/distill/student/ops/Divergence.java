package dev.distill.student.ops;

/**
 * How far the student's distribution q is from the teacher's p, both over the same few buckets: the teacher's likeliest tokens one by one, and all
 * others as one. In nats; 0 where they are equal. Each is a sum over the buckets.
 *
 * <p>{@link #weights} gives each bucket's {@code q dD/dq}, from which the gradient by the student's logits follows ({@link BucketDivergence}).
 */
public sealed interface Divergence {

    /** D(p, q). Both are positive and sum to one. */
    default double at(double[] p, double[] q) {
        double sum = 0;
        for (int b = 0; b < p.length; b++) {
            sum += term(p[b], q[b]);
        }
        return sum;
    }

    /** {@code q[b] dD/dq[b]} of every bucket. */
    default double[] weights(double[] p, double[] q) {
        double[] weights = new double[p.length];
        for (int b = 0; b < p.length; b++) {
            weights[b] = weight(p[b], q[b]);
        }
        return weights;
    }

    /** One bucket's part of D. */
    double term(double p, double q);

    /** {@code q} times the derivative of {@link #term} by q. */
    double weight(double p, double q);

    /** KL(p || q): the student covers all that the teacher may say (Hinton et al. 2015, arXiv:1503.02531). */
    record ForwardKl() implements Divergence {
        @Override
        public double term(double p, double q) {
            return kl(p, q);
        }

        @Override
        public double weight(double p, double q) {
            return -p;
        }
    }

    /** KL(q || p): the student says nothing that the teacher would not (MiniLLM, Gu et al. 2023, arXiv:2306.08543). */
    record ReverseKl() implements Divergence {
        @Override
        public double term(double p, double q) {
            return kl(q, p);
        }

        @Override
        public double weight(double p, double q) {
            return q * (StrictMath.log(q / p) + 1);
        }
    }

    /**
     * {@code beta KL(p || m) + (1 - beta) KL(q || m)} with {@code m = beta p + (1 - beta) q} (GKD, Agarwal et al. 2023, arXiv:2306.13649, equation
     * 1); a half is the Jensen-Shannon divergence.
     *
     * @param beta between 0 and 1
     */
    record JensenShannon(double beta) implements Divergence {
        public JensenShannon {
            requireInside("Jensen-Shannon", "beta", beta);
        }

        @Override
        public double term(double p, double q) {
            double m = mixture(beta, p, q);
            return beta * kl(p, m) + (1 - beta) * kl(q, m);
        }

        @Override
        public double weight(double p, double q) {
            double m = mixture(beta, p, q);
            double ofFirst = -beta * (1 - beta) * p / m;
            double ofSecond = (1 - beta) * (StrictMath.log(q / m) + 1 - (1 - beta) * q / m);
            return q * (ofFirst + ofSecond);
        }
    }

    /**
     * {@code KL(p || alpha p + (1 - alpha) q)}: the forward one, tamer where the student finds impossible what the teacher says (DistiLLM, Ko et al.
     * 2024, arXiv:2402.03898, equation 4).
     *
     * @param alpha between 0 and 1; the paper takes 0.1
     */
    record SkewedForwardKl(double alpha) implements Divergence {
        public SkewedForwardKl {
            requireInside("skewed KL", "alpha", alpha);
        }

        @Override
        public double term(double p, double q) {
            return kl(p, mixture(alpha, p, q));
        }

        @Override
        public double weight(double p, double q) {
            return -(1 - alpha) * p * q / mixture(alpha, p, q);
        }
    }

    /**
     * {@code KL(q || alpha q + (1 - alpha) p)}: the reverse one, likewise (DistiLLM).
     *
     * @param alpha between 0 and 1; the paper takes 0.1
     */
    record SkewedReverseKl(double alpha) implements Divergence {
        public SkewedReverseKl {
            requireInside("skewed KL", "alpha", alpha);
        }

        @Override
        public double term(double p, double q) {
            return kl(q, mixture(alpha, q, p));
        }

        @Override
        public double weight(double p, double q) {
            double m = mixture(alpha, q, p);
            return q * (StrictMath.log(q / m) + 1 - alpha * q / m);
        }
    }

    private static double kl(double a, double b) {
        return a * StrictMath.log(a / b);
    }

    /** {@code share a + (1 - share) b}. */
    private static double mixture(double share, double a, double b) {
        return share * a + (1 - share) * b;
    }

    private static void requireInside(String owner, String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(owner + ": " + name
                    + " must lie between 0 and 1, both of which are a KL of their own; got " + value);
        }
    }
}
