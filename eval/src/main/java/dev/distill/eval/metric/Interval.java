package dev.distill.eval.metric;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A figure, most often a share (0 to 1), with the range that it may well lie in.
 *
 * @param value the estimate
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 */
public record Interval(double value, double low, double high) {
    /** The standard normal's 97.5 % quantile. */
    private static final double Z = 1.959963984540054;

    private static final int RESAMPLES = 10_000;

    /**
     * Wilson's score interval for {@code successes} of {@code n} independent trials (E. B. Wilson, "Probable inference, the
     * law of succession, and statistical inference", JASA 22, 1927). Unlike the normal one it stays inside 0 to 1 and is
     * honest near both ends.
     */
    public static Interval wilson(int successes, int n) {
        if (n <= 0 || successes < 0 || successes > n) {
            throw new IllegalArgumentException(
                    "wilson: need 0 <= successes <= n and n > 0; got " + successes + " of " + n);
        }
        double p = (double) successes / n;
        double z2n = Z * Z / n;
        double center = (p + z2n / 2) / (1 + z2n);
        double half = Z / (1 + z2n) * Math.sqrt(p * (1 - p) / n + z2n / (4 * n));
        // At the ends the formula gives the end itself, up to rounding.
        return new Interval(p, successes == 0 ? 0 : center - half, successes == n ? 1 : center + half);
    }

    /**
     * Percentile bootstrap of the mean of {@code perQuestion} (one score a question, for example the share of its samples
     * that are right, however many samples it has), resampling whole questions, because the samples of one question are not
     * independent. Where every question has the score 0, or every one 1, resampling would find no spread at all; then it is
     * Wilson's interval with each question for one trial.
     *
     * @param perQuestion each 0 to 1
     * @param seed the same seed gives the same interval
     */
    public static Interval bootstrap(double[] perQuestion, long seed) {
        int right = 0;
        int wrong = 0;
        for (double score : perQuestion) {
            if (!(score >= 0 && score <= 1)) {
                throw new IllegalArgumentException("bootstrap: a score must be 0 to 1; got " + score);
            }
            right += score == 1 ? 1 : 0;
            wrong += score == 0 ? 1 : 0;
        }
        boolean alike = perQuestion.length > 0 && Math.max(right, wrong) == perQuestion.length;
        return alike ? wilson(right, perQuestion.length) : resampled(perQuestion, seed);
    }

    /** The same for the mean of anything, differences or tokens; without spread the interval is the mean itself. */
    public static Interval bootstrapOfAmounts(double[] perQuestion, long seed) {
        return resampled(perQuestion, seed);
    }

    private static Interval resampled(double[] perQuestion, long seed) {
        if (perQuestion.length == 0) {
            throw new IllegalArgumentException("bootstrap: need at least one question");
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int k = 0; k < perQuestion.length; k++) {
                sum += perQuestion[random.nextInt(perQuestion.length)];
            }
            means[i] = sum / perQuestion.length;
        }
        Arrays.sort(means);
        return new Interval(
                Arrays.stream(perQuestion).average().orElseThrow(),
                means[(int) (RESAMPLES * 0.025)],
                means[(int) (RESAMPLES * 0.975)]);
    }
}
