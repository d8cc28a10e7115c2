package dev.distill.eval.metric;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The scores of two models on the same questions, several samples a question: is the second better than the first, by how
 * much, and what could this set have shown? Questions that only one of them has a score for say nothing and are left out.
 *
 * @param questions with a score of both
 * @param firstBetter of them, where the first's score is higher
 * @param secondBetter where the second's is
 * @param difference second minus first, mean over questions, with the 95 % interval of a bootstrap over questions
 * @param p two-sided p-value, NaN where there is no question, of "they are equally good", by flipping the signs of the differences
 * @param exact whether all sign patterns were counted, else 100,000 random ones
 * @param detectable the difference that a set of so many questions with such differences would have shown at the 5 % level in
 *     80 of 100 trials; NaN where no question tells the two apart, so that their variance is not known
 */
public record PairedScores(
        int questions,
        int firstBetter,
        int secondBetter,
        Interval difference,
        double p,
        boolean exact,
        double detectable) {
    /** As many differing questions are flipped in all 2^n ways. */
    static final int EXACT = 20;

    private static final int FLIPS = 100_000;
    private static final long SEED = 20_241_213;

    /** The standard normal's quantiles of 97.5 % and 80 %, added. */
    private static final double LEVEL_AND_POWER = 1.959963984540054 + 0.8416212335729143;

    /** Two sums of the same differences in another order differ by less. */
    private static final double ROUNDING = 1e-9;

    /**
     * Compares.
     *
     * @param first score of each question, NaN for none
     * @param second the same questions in the same order
     */
    public static PairedScores of(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(
                    "paired scores: need the same questions twice; got " + first.length + " and " + second.length);
        }
        double[] differences = new double[first.length];
        int n = 0;
        for (int i = 0; i < first.length; i++) {
            if (Double.isFinite(first[i]) && Double.isFinite(second[i])) {
                differences[n++] = second[i] - first[i];
            }
        }
        if (n == 0) {
            Interval none = new Interval(Double.NaN, Double.NaN, Double.NaN);
            return new PairedScores(0, 0, 0, none, Double.NaN, true, Double.NaN);
        }
        return of(Arrays.copyOf(differences, n));
    }

    private static PairedScores of(double[] differences) {
        double[] differing =
                Arrays.stream(differences).filter(d -> Math.abs(d) > ROUNDING).toArray();
        int secondBetter = (int) Arrays.stream(differing).filter(d -> d > 0).count();
        boolean exact = differing.length <= EXACT;
        return new PairedScores(
                differences.length,
                differing.length - secondBetter,
                secondBetter,
                Interval.bootstrapOfAmounts(differences, 0),
                exact ? exact(differing) : sampled(differing),
                exact,
                detectable(differences));
    }

    /** Of all 2^n ways to sign the differences, the share with a sum at least as far from 0 (R. A. Fisher 1935, section 21). */
    private static double exact(double[] differing) {
        double sum = Arrays.stream(differing).sum();
        double seen = Math.abs(sum) - ROUNDING;
        long all = 1L << differing.length;
        double[] signed = differing.clone();
        long extreme = 1; // all as they are
        for (long i = 1; i < all; i++) {
            // Gray code: each pattern differs from the one before in one sign
            int flip = Long.numberOfTrailingZeros(i);
            sum -= 2 * signed[flip];
            signed[flip] = -signed[flip];
            extreme += Math.abs(sum) >= seen ? 1 : 0;
        }
        return (double) extreme / all;
    }

    /** The same from random patterns; the observed one counts as one of them, so that p is never 0 (Phipson and Smyth 2010). */
    private static double sampled(double[] differing) {
        double seen = Math.abs(Arrays.stream(differing).sum()) - ROUNDING;
        SplittableRandom random = new SplittableRandom(SEED);
        int extreme = 1;
        for (int flips = 0; flips < FLIPS; flips++) {
            double sum = 0;
            long bits = 0;
            for (int i = 0; i < differing.length; i++) {
                bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
                sum += (bits & 1) == 0 ? differing[i] : -differing[i];
            }
            extreme += Math.abs(sum) >= seen ? 1 : 0;
        }
        return extreme / (FLIPS + 1.0);
    }

    private static double detectable(double[] differences) {
        int n = differences.length;
        double mean = Arrays.stream(differences).average().orElseThrow();
        double squares =
                Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
        return n < 2 || squares == 0 ? Double.NaN : LEVEL_AND_POWER * Math.sqrt(squares / (n - 1) / n);
    }
}
