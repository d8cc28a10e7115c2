package dev.distill.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.demo.SvgChart.Point;
import dev.distill.train.Exam;
import dev.distill.train.Resident;
import dev.distill.train.StepReport;
import dev.distill.train.TrainResult;
import dev.distill.train.Validation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Axes, ticks and the mean of many steps. */
class LossChartTest {
    @Test
    void theAxisEndsAtTheNearestNumbersOfTheSeries() {
        assertThat(LogAxis.over(0.102, 6.8)).isEqualTo(new LogAxis(0.1, 10));
        assertThat(LogAxis.over(0.1, 10)).isEqualTo(new LogAxis(0.1, 10));
        assertThat(LogAxis.over(0.19, 0.21)).isEqualTo(new LogAxis(0.1, 0.5));
        assertThat(LogAxis.over(1, 1)).isEqualTo(new LogAxis(1, 2));
        assertThat(LogAxis.over(999, 4001)).isEqualTo(new LogAxis(500, 5000));
    }

    @Test
    void ticksAreTheSeriesAndOnAWideAxisPowersOfTen() {
        assertThat(new LogAxis(0.1, 10).ticks()).containsExactly(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0);
        assertThat(new LogAxis(0.5, 2).ticks()).containsExactly(0.5, 1.0, 2.0);
        assertThat(new LogAxis(5e-4, 2).ticks()).containsExactly(1e-3, 1e-2, 1e-1, 1.0);
    }

    @Test
    void aTenthIsHalfWayBetweenAHundredthAndOneAndWhatIsOutsideStandsAtTheEdge() {
        LogAxis axis = new LogAxis(0.01, 1);
        assertThat(axis.share(0.1)).isCloseTo(0.5, within(1e-12));
        assertThat(axis.share(0)).isZero();
        assertThat(axis.share(7)).isEqualTo(1);
    }

    @Test
    void anAxisThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new LogAxis(0, 1))
                .hasMessage("log axis: must begin above 0 and end, finite, above that; got 0.0 and 1.0");
        assertThatThrownBy(() -> new SvgChart("x", "student", 0, new LogAxis(1, 2)))
                .hasMessage("chart x: the axis of steps must end above 0; got 0.0");
    }

    @Test
    void aPointOfALongRunIsTheMeanOfItsSteps() {
        List<StepReport> reports = new ArrayList<>();
        for (int step = 1; step <= 250; step++) {
            reports.add(new StepReport(
                    step,
                    new StepReport.Learning(
                            step,
                            StepReport.Teaching.NONE,
                            1,
                            1e-3,
                            10,
                            10,
                            0,
                            Validation.Losses.NONE,
                            Exam.Score.NONE),
                    new StepReport.Cost(Instant.EPOCH, 0.1, Resident.UNKNOWN, Double.NaN)));
        }
        LossCurve curve = LossCurve.of(new TrainResult(reports, Path.of("checkpoint")));

        // at most 100 points, so three steps each: the losses 1 to 3, 4 to 6 ..., and the last one by itself
        assertThat(curve.window()).isEqualTo(3);
        assertThat(curve.training()).hasSize(84).startsWith(new Point(3, 2), new Point(6, 5));
        assertThat(curve.training()).endsWith(new Point(250, 250));
    }
}
