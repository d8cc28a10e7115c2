package dev.distill.eval.metric;

import java.util.function.DoubleUnaryOperator;

/**
 * A rating in the scale of Codeforces, from problems that have one: that under which the shares solved are likeliest, with P(solved)
 * = 1 / (1 + 10^((difficulty - rating) / 400)), the model of Elo that defines the scale ("Open Codeforces Rating System",
 * codeforces.com/blog/entry/20762). One virtual problem of {@link #PRIOR}, half solved, keeps it finite where all or none are.
 *
 * <p>It is no rating from contests: nobody waited for the answers, and a sample is one attempt without penalty.
 *
 * @param problems that it is estimated from
 * @param rating with its 95 % interval: where the logarithm of the likelihood is 1.92 below its top. A problem counts once, with the
 *     share of its samples that solve it, for its samples are not independent
 */
public record RatingEstimate(int problems, Interval rating) {
    /** Rating of the virtual problem: about the middle of Codeforces' scale, 800 to 3500. */
    public static final double PRIOR = 1500;

    /** Half the 95 % quantile of chi-squared with one degree of freedom. */
    private static final double DROP = 1.920729410347062;

    /** Farther from every difficulty than any estimate can be. */
    private static final double FAR = 20_000;

    private static final int HALVINGS = 100;

    /**
     * Estimates.
     *
     * @param difficulties the problems' ratings
     * @param solved the share of each one's samples that solve it, 0 to 1
     */
    public static RatingEstimate of(double[] difficulties, double[] solved) {
        if (difficulties.length != solved.length || difficulties.length == 0) {
            throw new IllegalArgumentException("rating: need a share for each of at least one problem; got "
                    + difficulties.length + " ratings and " + solved.length + " shares");
        }
        for (int i = 0; i < solved.length; i++) {
            if (!(solved[i] >= 0 && solved[i] <= 1) || !(Math.abs(difficulties[i]) < FAR / 2)) {
                throw new IllegalArgumentException(
                        "rating: a share must be 0 to 1 and a problem's rating a number below " + FAR / 2 + "; got "
                                + solved[i] + " of a problem of " + difficulties[i]);
            }
        }
        double top = root(-FAR, FAR, rating -> slope(rating, difficulties, solved));
        double least = likelihood(top, difficulties, solved) - DROP;
        DoubleUnaryOperator above = rating -> likelihood(rating, difficulties, solved) - least;
        return new RatingEstimate(
                difficulties.length, new Interval(top, root(top, -FAR, above), root(top, FAR, above)));
    }

    /** Where a function that is positive at {@code from} and negative at {@code to} crosses 0 between. */
    private static double root(double from, double to, DoubleUnaryOperator function) {
        double inside = from;
        double outside = to;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (inside + outside) / 2;
            if (function.applyAsDouble(middle) > 0) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return inside;
    }

    /** The derivative of the likelihood by the rating, up to a factor: expected less than solved. */
    private static double slope(double rating, double[] difficulties, double[] solved) {
        double slope = 0.5 - chance(rating, PRIOR);
        for (int i = 0; i < solved.length; i++) {
            slope += solved[i] - chance(rating, difficulties[i]);
        }
        return slope;
    }

    private static double likelihood(double rating, double[] difficulties, double[] solved) {
        double sum = log(rating, PRIOR, 0.5);
        for (int i = 0; i < solved.length; i++) {
            sum += log(rating, difficulties[i], solved[i]);
        }
        return sum;
    }

    private static double chance(double rating, double difficulty) {
        return 1 / (1 + Math.pow(10, (difficulty - rating) / 400));
    }

    /** share x log P + (1 - share) x log(1 - P), without overflow. */
    private static double log(double rating, double difficulty, double share) {
        double x = (rating - difficulty) / 400 * Math.log(10);
        return share * x - Math.max(0, x) - Math.log1p(Math.exp(-Math.abs(x)));
    }
}
