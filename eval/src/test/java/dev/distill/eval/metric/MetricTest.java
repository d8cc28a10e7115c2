package dev.distill.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricTest {
    /** Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3: 81 of 263, 15 of 148, 0 of 20. */
    @Test
    void wilsonsIntervalIsThatOfThePublishedTable() {
        assertThat(Interval.wilson(81, 263).low()).isCloseTo(0.2553, within(5e-5));
        assertThat(Interval.wilson(81, 263).high()).isCloseTo(0.3662, within(5e-5));
        assertThat(Interval.wilson(15, 148).low()).isCloseTo(0.0624, within(5e-5));
        assertThat(Interval.wilson(15, 148).high()).isCloseTo(0.1605, within(5e-5));
        assertThat(Interval.wilson(0, 20))
                .isEqualTo(new Interval(0, 0, Interval.wilson(0, 20).high()));
        assertThat(Interval.wilson(0, 20).high()).isCloseTo(0.1611, within(5e-5));
        assertThatThrownBy(() -> Interval.wilson(3, 2)).hasMessageContaining("got 3 of 2");
    }

    /** The standard error of a mean of n values is s / sqrt(n); a percentile interval is about 1.96 of them to each side. */
    @Test
    void theBootstrapAgreesWithTheNormalIntervalOnManyQuestions() {
        long seed = 7;
        Random random = new Random(seed);
        double[] scores = random.doubles(400).map(x -> x < 0.7 ? 1 : 0).toArray();
        Interval interval = Interval.bootstrap(scores, 1);
        double half = 1.96 * Math.sqrt(interval.value() * (1 - interval.value()) / 400);
        assertThat(interval.low()).as("seed %d", seed).isCloseTo(interval.value() - half, within(0.01));
        assertThat(interval.high()).isCloseTo(interval.value() + half, within(0.01));
        assertThat(Interval.bootstrap(scores, 1)).isEqualTo(interval);
    }

    /** Counted by hand: of the C(4,2) = 6 pairs from 4 samples with 1 right, 3 hold the right one. */
    @Test
    void passAtKIsTheShareOfDrawsWithARightSample() {
        assertThat(PassAtK.unbiased(4, 1, 2)).isCloseTo(0.5, within(1e-15));
        assertThat(PassAtK.unbiased(4, 1, 1)).isCloseTo(0.25, within(1e-15));
        assertThat(PassAtK.unbiased(4, 3, 2)).isEqualTo(1);
        assertThat(PassAtK.unbiased(64, 0, 64)).isEqualTo(0);
        assertThatThrownBy(() -> PassAtK.unbiased(4, 1, 5)).hasMessageContaining("k 5");
    }

    /** 1 against 9 of 10: 2 * (1 + 10) / 1024. */
    @Test
    void theSignTestCountsOnlyQuestionsThatDiffer() {
        boolean[] first = new boolean[30];
        boolean[] second = new boolean[30];
        first[0] = true;
        for (int i = 1; i < 10; i++) {
            second[i] = true;
        }
        first[20] = second[20] = true;
        PairedComparison comparison = PairedComparison.of(first, second);
        assertThat(comparison.onlyFirst()).isEqualTo(1);
        assertThat(comparison.onlySecond()).isEqualTo(9);
        assertThat(comparison.difference()).isCloseTo(8 / 30.0, within(1e-15));
        assertThat(comparison.p()).isCloseTo(22 / 1024.0, within(1e-12));
        assertThat(PairedComparison.of(first, first).p()).isEqualTo(1);
    }
}
