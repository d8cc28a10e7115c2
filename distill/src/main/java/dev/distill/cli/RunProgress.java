package dev.distill.cli;

import dev.distill.demo.DemoListener;
import dev.distill.hub.HubListener;
import dev.distill.pipeline.EvalStage;
import dev.distill.pipeline.Pipeline;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Progress of the stages of a run, one progress line after the other. */
final class RunProgress implements DemoListener, AutoCloseable {
    private final Console console;
    private final FetchProgress fetching;
    private @Nullable Progress open;
    private String openName = "";

    RunProgress(Console console) {
        this.console = console;
        this.fetching = new FetchProgress(console);
    }

    @Override
    public void part(String title) {
        close();
        console.info("== " + title);
    }

    @Override
    public void stage(Pipeline.Stage stage) {
        part(stage.name().toLowerCase(Locale.ROOT));
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
                        "%d failed, %d retries, %s"
                                .formatted(
                                        state.failed(),
                                        state.retries(),
                                        state.spent().rounded(2)));
    }

    @Override
    public LongConsumer curation() {
        return count -> progress("curate", 0).update(count);
    }

    @Override
    public TrainListener training() {
        return new TrainListener() {
            private double validationLoss = Double.NaN;
            private int steps;

            @Override
            public void step(StepReport report) {
                validationLoss = Double.isFinite(report.validationLoss()) ? report.validationLoss() : validationLoss;
                String validation = Double.isNaN(validationLoss) ? "" : ", validation %.3f".formatted(validationLoss);
                String loss = Double.isNaN(report.loss()) ? "" : "loss %.3f".formatted(report.loss()) + validation;
                progress("train", steps).update(report.step(), loss);
            }

            @Override
            public void begin(int done, int total) {
                steps = total;
                progress("train", total).startAt(done);
                if (done > 0) {
                    console.info("going on after step " + done);
                }
            }
        };
    }

    @Override
    public HubListener fetching() {
        return fetching;
    }

    @Override
    public EvalStage.Progress evaluation() {
        return (task, done, all) -> progress("evaluate " + task, all).update(done);
    }

    @Override
    public void close() {
        fetching.close();
        if (open != null) {
            open.done();
            open = null;
        }
    }
}
