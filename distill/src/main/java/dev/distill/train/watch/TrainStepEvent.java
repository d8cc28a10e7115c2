package dev.distill.train.watch;

import dev.distill.train.StepReport;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One update in a Flight Recorder's recording. */
@Name("dev.distill.TrainStep")
@Label("Training step")
@Category("Distill")
@StackTrace(false)
final class TrainStepEvent extends Event {
    @Label("Step")
    int step;

    @Label("Loss")
    @Description("Nats a trained token, before the update")
    double loss;

    @Label("Tokens")
    @Description("Positions that went through the model")
    long tokens;

    @Label("Seconds")
    @Description("Wall time, validation left out")
    double seconds;

    static void emit(StepReport report) {
        TrainStepEvent event = new TrainStepEvent();
        if (event.shouldCommit()) {
            event.step = report.step();
            event.loss = report.loss();
            event.tokens = report.tokens();
            event.seconds = report.seconds();
            event.commit();
        }
    }
}
