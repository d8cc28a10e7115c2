package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The judge of real models' logits, on distributions whose figures are known: 1/2, 1/4, 1/4 against 1/4, 1/2, 1/4. */
final class LogitDifferenceTest {
    private static final double ROUNDING = 1e-7; // logits are floats
    private static final float HALF = (float) Math.log(0.5);
    private static final float QUARTER = (float) Math.log(0.25);

    private final LogitDifference difference = new LogitDifference();

    @Test
    void theSameLogitsDifferInNothing() {
        difference.add(new float[] {1, 2, 3}, new float[] {1, 2, 3}, 0);
        assertThat(difference.largest()).isZero();
        assertThat(difference.divergence()).isZero();
        assertThat(difference.loss()).isZero();
        assertThat(difference.greedy()).isOne();
    }

    @Test
    void divergenceLossAndGreedyTokenAreThoseOfTheDistributions() {
        difference.add(new float[] {HALF, QUARTER, QUARTER}, new float[] {QUARTER, HALF, QUARTER}, 0);
        // 1/2 log 2 + 1/4 log 1/2
        assertThat(difference.divergence()).isCloseTo(0.25 * Math.log(2), within(ROUNDING));
        assertThat(difference.loss()).isCloseTo(1, within(ROUNDING)); // log 4 in place of log 2
        assertThat(difference.largest()).isCloseTo(0.5, within(ROUNDING)); // log 2 of log 4
        assertThat(difference.greedy()).isZero();
    }

    @Test
    void aConstantOnAllLogitsChangesTheLargestDifferenceAlone() {
        difference.add(new float[] {-4, 0, 2}, new float[] {-3, 1, 3}, 1);
        difference.add(new float[] {-4, 0, 2}, new float[] {-4, 0, 2}, -1);
        assertThat(difference.largest()).isEqualTo(0.25);
        assertThat(difference.divergence()).isCloseTo(0, within(ROUNDING));
        assertThat(difference.loss()).isCloseTo(0, within(ROUNDING));
        assertThat(difference.greedy()).isOne();
        assertThat(difference.positions()).isEqualTo(2);
    }
}
