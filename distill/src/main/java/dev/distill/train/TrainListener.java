package dev.distill.train;

import java.nio.file.Path;

/** Hears of a training run while it goes on, on the training thread: progress bars, dashboards, tests. */
public interface TrainListener {
    /** After each update, and once with step 0 when the first validation loss is known. */
    void step(StepReport report);

    /** A checkpoint is complete on disk. */
    default void checkpoint(int step, Path folder) {}

    /** The run goes on after this many updates of an earlier process. */
    default void resumed(int step) {}
}
