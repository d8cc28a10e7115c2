package dev.distill.train.watch;

import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.nio.file.Path;

/** Steps and checkpoints as events of the JDK's Flight Recorder, beside its own of processor, memory and disk. */
final class FlightRecorderLog implements TrainListener {
    @Override
    public void step(StepReport report) {
        if (report.step() > 0) {
            TrainStepEvent.emit(report);
        }
    }

    @Override
    public void checkpoint(int step, Path folder) {
        CheckpointEvent.emit(step, folder);
    }
}
