package dev.distill.train.watch;

import dev.distill.train.Exam;
import dev.distill.train.Resident;
import dev.distill.train.SampleReport;
import dev.distill.train.StepReport;
import dev.distill.train.Validation;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Steps as a training would tell them. */
final class WatchedSteps {
    static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private WatchedSteps() {}

    /** A step with every figure, of which only the loss is chosen. */
    static StepReport step(int step, double loss) {
        return new StepReport(
                step,
                new StepReport.Learning(
                        loss,
                        StepReport.Teaching.NONE,
                        0.25,
                        1e-3,
                        200,
                        150,
                        1,
                        new Validation.Losses(1.25, new TreeMap<>(Map.of("a", 1.0, "b", 2.0))),
                        Exam.Score.NONE),
                new StepReport.Cost(AT, 0.5, new Resident(100, 200), 0.3));
    }

    static SampleReport sample(int step) {
        return new SampleReport(step, 0, "p", "What is 1+1?", "One and\none.", "\u2264 2", "stop", 12);
    }
}
