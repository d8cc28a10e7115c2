package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** All expected shares by hand. */
class SharedTimeTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    private long now = 5_000_000_000L;
    private final SharedTime time = new SharedTime(() -> now);

    private void pass(double seconds) {
        now += Math.round(seconds * 1e9);
    }

    @Test
    void aRowAloneTakesAllOfIt() {
        pass(7); // nobody's
        time.begin(1);
        pass(2);
        assertThat(time.end(1)).isCloseTo(2, ROUNDING);
        pass(3);
        time.begin(2);
        pass(0.5);
        assertThat(time.end(2)).isCloseTo(0.5, ROUNDING);
    }

    @Test
    void eachMomentIsSharedByThoseThatAreUnderWayAndNoneIsLost() {
        time.begin(1);
        pass(1); // 1: 1
        time.begin(2);
        time.begin(3);
        pass(3); // 1, 2, 3: 1 each
        double third = time.end(3);
        pass(2); // 1, 2: 1 each
        double first = time.end(1);
        pass(4); // 2: 4
        double second = time.end(2);
        assertThat(first).isCloseTo(3, ROUNDING);
        assertThat(second).isCloseTo(6, ROUNDING);
        assertThat(third).isCloseTo(1, ROUNDING);
        assertThat(first + second + third).as("what the clock says").isCloseTo(10, ROUNDING);
    }

    @Test
    void aRowThatWasNotBegunHasNoEnd() {
        assertThatThrownBy(() -> time.end(4)).hasMessage("shared time: row 4 was never begun");
    }
}
