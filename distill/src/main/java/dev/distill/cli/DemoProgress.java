package dev.distill.cli;

import dev.distill.demo.DemoListener;
import dev.distill.pipeline.EvalStage;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.util.function.LongConsumer;

/** The demo's progress on stderr: a line every few seconds. */
final class DemoProgress implements DemoListener {
    private long last;
    private long partBegin = System.nanoTime();

    @Override
    public void part(String title) {
        System.err.printf("== %s%n", title);
        partBegin = System.nanoTime();
    }

    private void say(boolean always, String format, Object... values) {
        long now = System.nanoTime();
        if (always || now - last > 5_000_000_000L) {
            last = now;
            System.err.printf("   %5.0f s  %s%n", (now - partBegin) / 1e9, format.formatted(values));
        }
    }

    @Override
    public HarvestListener harvest() {
        return progress -> say(
                progress.completed() + progress.failed() == progress.units(),
                "%,d of %,d traces, %d failed, %d retries, %s",
                progress.completed(),
                progress.units(),
                progress.failed(),
                progress.retries(),
                progress.spent());
    }

    @Override
    public LongConsumer curation() {
        return count -> say(false, "%,d traces", count);
    }

    @Override
    public TrainListener training(int steps) {
        return new TrainListener() {
            @Override
            public void step(StepReport report) {
                boolean validated = Double.isFinite(report.validationLoss());
                say(
                        validated,
                        "step %,d of %,d, loss %.3f%s",
                        report.step(),
                        steps,
                        report.loss(),
                        validated ? ", validation loss %.3f".formatted(report.validationLoss()) : "");
            }

            @Override
            public void resumed(int step) {
                say(true, "going on after step %,d", step);
            }
        };
    }

    @Override
    public EvalStage.Progress evaluation() {
        return (task, done, all) -> say(done == all, "%s: %,d of %,d answers", task, done, all);
    }
}
