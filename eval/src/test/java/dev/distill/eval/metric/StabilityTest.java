package dev.distill.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StabilityTest {
    /**
     * Computed with whole numbers in Python:
     *
     * <pre>
     * from math import comb, ceil
     * def g(n,c,k,tau): return sum(comb(c,j)*comb(n-c,k-j) for j in range(max(1,ceil(round(tau*k,9))),min(c,k)+1) if k-j<=n-c)/comb(n,k)
     * def mg(n,c,k): return 2/k*sum(g(n,c,k,i/k) for i in range(ceil(k/2)+1,k+1))
     * </pre>
     */
    @Test
    void gPassIsTheHypergeometricTail() {
        assertThat(GPassAtK.unbiased(48, 30, 16, 0.5)).isCloseTo(0.9423273990377173, within(1e-12));
        assertThat(GPassAtK.unbiased(48, 30, 16, 0.75)).isCloseTo(0.17188757573256916, within(1e-12));
        assertThat(GPassAtK.unbiased(48, 30, 16, 1)).isCloseTo(6.449331222143522e-05, within(1e-15));
        assertThat(GPassAtK.mean(48, 30, 16)).isCloseTo(0.25924495517120194, within(1e-12));
        assertThat(GPassAtK.mean(8, 5, 4)).isCloseTo(0.2857142857142857, within(1e-12));
        assertThat(GPassAtK.mean(9, 6, 3)).isCloseTo(0.15873015873015872, within(1e-12));
        assertThat(GPassAtK.mean(48, 48, 16)).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> GPassAtK.unbiased(4, 1, 2, 0)).hasMessageContaining("tau 0.0");
    }

    @Test
    void gPassLiesBetweenNothingAndPassAtK() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 2_000; trial++) {
            int n = random.nextInt(1, 65);
            int k = random.nextInt(1, n + 1);
            int right = random.nextInt(0, n + 1);
            double tau = 1 - random.nextDouble();
            double value = GPassAtK.unbiased(n, right, k, tau);
            double pass = PassAtK.unbiased(n, right, k);
            assertThat(value).as("seed %d, trial %d", seed, trial).isBetween(0.0, pass + 1e-9);
            assertThat(GPassAtK.unbiased(n, right, k, 1e-9)).isCloseTo(pass, within(1e-9));
            assertThat(GPassAtK.unbiased(n, right, k, Math.min(1, tau + 0.1))).isLessThanOrEqualTo(value + 1e-12);
            assertThat(GPassAtK.mean(n, right, k)).isBetween(0.0, 1.0);
        }
    }

    /** Two runs by hand; the deviations with Python's statistics.stdev: runs [1,0,1,1], [1,1,0,1], [0,0,1,1]. */
    @Test
    void runsOfOneSampleEachTellTheSpreadOfSeeds() {
        SeedSpread spread = SeedSpread.of(new double[] {0.75, 0.75, 0.5});
        assertThat(spread.mean()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(spread.deviation()).isCloseTo(0.14433756729740643, within(1e-15));
        assertThat(spread.standardError()).isCloseTo(0.08333333333333333, within(1e-15));
        assertThat(spread.min()).isEqualTo(0.5);
        assertThat(spread.max()).isEqualTo(0.75);
        assertThat(SeedSpread.of(new double[] {0.5}).deviation()).isNaN();
    }

    /** A question with one valid sample weighs as much as one with four: the mean is of questions, not of responses. */
    @Test
    void unequalNumbersOfSamplesLeaveEachQuestionItsWeight() {
        double[] scores = {1 / 1.0, 1 / 4.0, 0 / 2.0, 3 / 3.0};
        Interval interval = Interval.bootstrap(scores, 3);
        assertThat(interval.value()).isCloseTo((1 + 0.25 + 0 + 1) / 4, within(1e-15));
        assertThat(interval.low()).isBetween(0.0, interval.value());
        assertThat(interval.high()).isBetween(interval.value(), 1.0);
    }

    @Test
    void questionsThatAreAllSolvedDoNotProveThatEveryQuestionIs() {
        assertThat(Interval.bootstrap(new double[] {1, 1, 1}, 0)).isEqualTo(Interval.wilson(3, 3));
        assertThat(Interval.bootstrap(new double[30], 0)).isEqualTo(Interval.wilson(0, 30));
        assertThatThrownBy(() -> Interval.bootstrap(new double[] {1.5}, 0)).hasMessageContaining("got 1.5");
        assertThatThrownBy(() -> Interval.bootstrap(new double[0], 0)).hasMessageContaining("at least one question");
    }

    /**
     * Of 1,000 intervals of 95 % about 950 must hold the true mean. Questions are drawn with a share p of right answers, p uniform,
     * and 1 to 8 samples each; the true mean is 1/2.
     */
    @Test
    void theClusterBootstrapCoversTheTruthAsOftenAsItSays() {
        long seed = 23;
        SplittableRandom random = new SplittableRandom(seed);
        int trials = 200;
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[] scores = new double[60];
            for (int i = 0; i < scores.length; i++) {
                double p = random.nextDouble();
                int samples = random.nextInt(1, 9);
                for (int k = 0; k < samples; k++) {
                    scores[i] += random.nextDouble() < p ? 1.0 / samples : 0;
                }
                scores[i] = Math.min(1, scores[i]);
            }
            Interval interval = Interval.bootstrap(scores, trial);
            covered += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
        }
        // 95 % of 200 is 190; below 178 or above 199 would be four standard errors off
        assertThat(covered).as("seed %d", seed).isBetween(178, 199);
    }
}
