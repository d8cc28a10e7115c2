package dev.distill.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    /**
     * Differences .25 -.5 .75 .5 0 .25 1 -.25, counted over all signs in Python:
     *
     * <pre>
     * nz=[x for x in d if x]; t=abs(sum(nz))
     * sum(abs(sum(s*x for s,x in zip(sg,nz)))>=t-1e-12 for sg in product((1,-1),repeat=7))  # 34 of 128
     * (1.959963984540054+0.8416212335729143)*stdev(d)/sqrt(len(d))                          # 0.495254976...
     * </pre>
     */
    @Test
    void fewDifferencesAreFlippedInAllWays() {
        double[] first = {0.25, 0.75, 0, 0.25, 0.5, 0.25, 0, 1, 0.5, Double.NaN};
        double[] second = {0.5, 0.25, 0.75, 0.75, 0.5, 0.5, 1, 0.75, Double.NaN, 1};
        PairedScores paired = PairedScores.of(first, second);
        assertThat(paired.questions()).isEqualTo(8);
        assertThat(paired.firstBetter()).isEqualTo(2);
        assertThat(paired.secondBetter()).isEqualTo(5);
        assertThat(paired.difference().value()).isCloseTo(0.25, within(1e-15));
        assertThat(paired.exact()).isTrue();
        assertThat(paired.p()).isCloseTo(34 / 128.0, within(1e-15));
        assertThat(paired.detectable()).isCloseTo(0.49525497644991817, within(1e-12));
        assertThatThrownBy(() -> PairedScores.of(new double[1], new double[2])).hasMessageContaining("got 1 and 2");
        PairedScores nothing = PairedScores.of(new double[] {Double.NaN}, new double[1]);
        assertThat(nothing.questions()).isZero();
        assertThat(nothing.p()).isNaN();
        assertThat(nothing.difference().value()).isNaN();
    }

    /** With one sample a question all differences are of one size, and flipping signs is McNemar's exact test. */
    @Test
    void withOneSampleTheFlippingTestIsMcNemars() {
        double[] first = new double[30];
        double[] second = new double[30];
        first[0] = 1;
        Arrays.fill(second, 1, 10, 1);
        assertThat(PairedScores.of(first, second).p()).isCloseTo(22 / 1024.0, within(1e-12));
    }

    @Test
    void manyDifferencesAreFlippedAtRandomButTheSameEachTime() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        double[] first = random.doubles(200).map(x -> x < 0.5 ? 1 : 0).toArray();
        double[] second = random.doubles(200).map(x -> x < 0.6 ? 1 : 0).toArray();
        PairedScores paired = PairedScores.of(first, second);
        boolean[] before = new boolean[200];
        boolean[] after = new boolean[200];
        for (int i = 0; i < 200; i++) {
            before[i] = first[i] == 1;
            after[i] = second[i] == 1;
        }
        assertThat(paired.exact()).isFalse();
        // 100,000 patterns leave a standard error of at most 0.0016
        assertThat(paired.p())
                .as("seed %d", seed)
                .isCloseTo(PairedComparison.of(before, after).p(), within(0.008));
        assertThat(PairedScores.of(first, second)).isEqualTo(paired);
        PairedScores swapped = PairedScores.of(second, first);
        assertThat(swapped.p()).isEqualTo(paired.p());
        assertThat(swapped.difference().value()).isCloseTo(-paired.difference().value(), within(1e-15));
        assertThat(swapped.difference().low()).isCloseTo(-paired.difference().high(), within(0.011));
        assertThat(PairedScores.of(first, new double[200]).p()).isGreaterThan(0).isLessThan(1e-4);
    }

    @Test
    void modelsThatAnswerAlikeShowNothing() {
        double[] scores = {1, 0, 0.5};
        PairedScores paired = PairedScores.of(scores, scores);
        assertThat(paired.p()).isEqualTo(1);
        assertThat(paired.difference()).isEqualTo(new Interval(0, 0, 0));
        assertThat(paired.detectable()).isNaN();
    }

    /** 80 of 100 sets of which the second model is better by the detectable difference must show it: here 2,000 of them are drawn. */
    @Test
    void theDetectableDifferenceIsShownFourTimesOutOfFive() {
        long seed = 31;
        SplittableRandom random = new SplittableRandom(seed);
        int n = 300;
        double deviation = 0.6; // of a difference that is -1, 0 or 1
        double effect = (1.959963984540054 + 0.8416212335729143) * deviation / Math.sqrt(n);
        double up = (deviation * deviation + effect * effect + effect) / 2;
        double down = up - effect;
        int shown = 0;
        int trials = 2_000;
        for (int trial = 0; trial < trials; trial++) {
            boolean[] first = new boolean[n];
            boolean[] second = new boolean[n];
            for (int i = 0; i < n; i++) {
                double x = random.nextDouble();
                second[i] = x < up;
                first[i] = x >= up && x < up + down;
            }
            shown += PairedComparison.of(first, second).p() < 0.05 ? 1 : 0;
        }
        // exact tests are a little shy; 0.80 -+ 4 standard errors of 0.009, and 0.03 for that
        assertThat(shown / (double) trials).as("seed %d", seed).isBetween(0.73, 0.84);
    }

    /** By Python, the formula of 1969 written out: tables [[20,5],[10,15]] and [[53,5,2],[11,14,5],[1,6,3]]; standard errors 0.12699606 and 0.07595883. */
    @Test
    void kappaIsAgreementBeyondChance() {
        Agreement two = agreement(new int[][] {{20, 5}, {10, 15}});
        assertThat(two.items()).isEqualTo(50);
        assertThat(two.raw()).isEqualTo(Interval.wilson(35, 50));
        assertThat(two.kappa().value()).isCloseTo(0.4, within(1e-12));
        assertThat(two.kappa().low()).isCloseTo(0.4 - 1.959963984540054 * 0.12699606293110033, within(1e-12));
        Agreement three = agreement(new int[][] {{53, 5, 2}, {11, 14, 5}, {1, 6, 3}});
        assertThat(three.kappa().value()).isCloseTo(0.4285714285714286, within(1e-12));
        assertThat(three.kappa().high())
                .isCloseTo(0.4285714285714286 + 1.959963984540054 * 0.07595883153466382, within(1e-12));
        assertThat(agreement(new int[][] {{20, 10}, {5, 15}}).kappa()).isEqualTo(two.kappa());
        assertThat(agreement(new int[][] {{7, 0}, {0, 3}}).kappa().value()).isCloseTo(1, within(1e-12));
        assertThat(agreement(new int[][] {{7, 0}, {0, 0}}).kappa().value()).isNaN();
        assertThatThrownBy(() -> Agreement.of(List.of(), List.of())).hasMessageContaining("got 0 and 0");
    }

    private static Agreement agreement(int[][] table) {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        for (int i = 0; i < table.length; i++) {
            for (int j = 0; j < table.length; j++) {
                for (int k = 0; k < table[i][j]; k++) {
                    first.add("grade " + i);
                    second.add("grade " + j);
                }
            }
        }
        return Agreement.of(first, second);
    }

    /**
     * By Python, the likelihood maximised by ternary search and its edges by halving:
     *
     * <pre>
     * def ll(r): return sum(s*x-(x+log1p(exp(-x)) if x>0 else log1p(exp(x))) for d,s in data+[(1500,.5)] for x in [(r-d)/400*log(10)])
     * </pre>
     */
    @Test
    void aRatingIsThatUnderWhichTheSolvedSharesAreLikeliest() {
        RatingEstimate some = RatingEstimate.of(
                new double[] {800, 1000, 1200, 1400, 1600, 1900, 2100}, new double[] {1, 1, 1, 0.5, 0.75, 0.25, 0});
        assertThat(some.rating().value()).isCloseTo(1604.95466105793, within(1e-3));
        assertThat(some.rating().low()).isCloseTo(1265.4469629449604, within(1e-3));
        assertThat(some.rating().high()).isCloseTo(1972.7008065530122, within(1e-3));
        double[] hard = new double[10];
        Arrays.fill(hard, 3000);
        double[] all = new double[10];
        Arrays.fill(all, 1);
        RatingEstimate best = RatingEstimate.of(hard, all);
        assertThat(best.rating().value()).isCloseTo(3511.504851330359, within(1e-3));
        assertThat(best.rating().high()).isCloseTo(4355.627438556292, within(1e-3));
        RatingEstimate none = RatingEstimate.of(new double[] {800, 800, 800}, new double[3]);
        assertThat(none.rating().value()).isCloseTo(518.9426965118546, within(1e-3));
        assertThat(none.rating().low()).isCloseTo(-336.67243270188203, within(1e-3));
        assertThatThrownBy(() -> RatingEstimate.of(new double[] {800}, new double[] {2}))
                .hasMessageContaining("got 2.0 of a problem of 800.0");
    }

    /** By hand: 4 x 0.005, then 3 x 0.01, then 2 x 0.03 = 0.06, and 0.04 is not below its neighbour. */
    @Test
    void holmAdjustsForAllComparisonsTogether() {
        assertThat(Holm.adjusted(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
        assertThat(Holm.adjusted(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjusted(new double[0])).isEmpty();
        assertThatThrownBy(() -> Holm.adjusted(new double[] {1.1})).hasMessageContaining("got 1.1");
    }
}
