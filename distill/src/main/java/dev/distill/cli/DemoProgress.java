package dev.distill.cli;

import dev.distill.demo.DemoListener;
import dev.distill.pipeline.EvalStage;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The demo's parts, one progress line after the other. */
final class DemoProgress implements DemoListener, AutoCloseable {
    private final Console console;
    private @Nullable Progress open;
    private String openName = "";

    DemoProgress(Console console) {
        this.console = console;
    }

    @Override
    public void part(String title) {
        close();
        console.info("== " + title);
    }

    /** The progress of this kind of work; the one before it is over. */
    private Progress progress(String name, long total) {
        @Nullable Progress current = open;
        if (current == null || !openName.equals(name)) {
            close();
            current = console.progress(name, total);
            open = current;
            openName = name;
        }
        return current;
    }

    @Override
    public HarvestListener harvest() {
        return state -> progress("harvest", state.units())
                .update(
                        (long) state.completed() + state.failed(),
                        "%d failed, %d retries, %s".formatted(state.failed(), state.retries(), state.spent()));
    }

    @Override
    public LongConsumer curation() {
        return count -> progress("curate", 0).update(count);
    }

    @Override
    public TrainListener training(int steps) {
        Progress progress = progress("train", steps);
        return new TrainListener() {
            private double validationLoss = Double.NaN;

            @Override
            public void step(StepReport report) {
                validationLoss = Double.isFinite(report.validationLoss()) ? report.validationLoss() : validationLoss;
                progress.update(report.step(), "loss %.3f, validation %.3f".formatted(report.loss(), validationLoss));
            }

            @Override
            public void resumed(int step) {
                progress.startAt(step);
                console.info("   going on after step " + step);
            }
        };
    }

    @Override
    public EvalStage.Progress evaluation() {
        return (task, done, all) -> progress("evaluate " + all, all).update(done);
    }

    @Override
    public void close() {
        if (open != null) {
            open.done();
            open = null;
        }
    }
}
