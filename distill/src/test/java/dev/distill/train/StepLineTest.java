package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.eval.metric.Interval;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The keys that docs/formats.md names. */
class StepLineTest {
    private static final StepReport REPORT = new StepReport(
            3,
            new StepReport.Learning(
                    1.5,
                    new StepReport.Teaching(1.75, 0.5),
                    0.25,
                    1e-3,
                    200,
                    150,
                    1,
                    new Validation.Losses(1.25, new TreeMap<>(Map.of("a", 1.0, "b", 2.0))),
                    new Exam.Score(30, new Interval(0.5, 0.25, 0.75))),
            new StepReport.Cost(Instant.parse("2026-01-02T03:04:05.678Z"), 0.5, new Resident(100, 200), 0.3));

    @Test
    void aLineHasEveryFigure() throws IOException {
        String line = StepLine.write(REPORT);
        assertThat(line)
                .isEqualTo(
                        "{\"step\":3,\"loss\":1.5,\"cross_entropy\":1.75,\"divergence\":0.5,\"grad_norm\":0.25,\"learning_rate\":0.001,\"tokens\":200,"
                                + "\"trained_tokens\":150,\"dropped\":1,\"val_loss\":1.25,\"val_losses\":{\"a\":1.0,\"b\":2.0},"
                                + "\"score\":0.5,\"score_low\":0.25,\"score_high\":0.75,\"score_questions\":30,"
                                + "\"at\":\"2026-01-02T03:04:05.678Z\",\"seconds\":0.5,\"tokens_per_s\":400.0,"
                                + "\"trained_tokens_per_s\":300.0,\"matmul_share\":0.3,\"rss_mib\":100,\"peak_rss_mib\":200}");
        assertThat(StepLine.read(line)).isEqualTo(REPORT);
    }

    @Test
    void whatWasNotMeasuredIsLeftOut() throws IOException {
        StepReport report = new StepReport(
                0,
                StepReport.Learning.before(Validation.Losses.NONE, Exam.Score.NONE),
                new StepReport.Cost(Instant.EPOCH, 0, Resident.UNKNOWN, Double.NaN));
        assertThat(StepLine.write(report))
                .isEqualTo("{\"step\":0,\"learning_rate\":0.0,\"tokens\":0,\"trained_tokens\":0,\"dropped\":0,"
                        + "\"at\":\"1970-01-01T00:00:00Z\",\"seconds\":0.0}");
        assertThat(StepLine.read(StepLine.write(report))).isEqualTo(report);
    }

    @Test
    void aLineOfTheFirstVersionIsRead() throws IOException {
        StepReport report = StepLine.read("{\"step\":1,\"loss\":2.5,\"grad_norm\":1.0,\"learning_rate\":0.1,"
                + "\"tokens\":7,\"trained_tokens\":6,\"seconds\":0.25}");
        assertThat(report.loss()).isEqualTo(2.5);
        assertThat(report.cost()).isEqualTo(new StepReport.Cost(Instant.EPOCH, 0.25, Resident.UNKNOWN, Double.NaN));
    }
}
