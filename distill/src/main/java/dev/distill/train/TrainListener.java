package dev.distill.train;

import java.nio.file.Path;

/** Hears of a training run while it goes on, on the training thread: progress bars, dashboards, tests. */
public interface TrainListener {
    /** After each update, and once with step 0 when the first validation loss is known. */
    void step(StepReport report);

    /** A checkpoint is complete on disk. */
    default void checkpoint(int step, Path folder) {}

    /**
     * The run begins.
     *
     * @param done updates of an earlier process, after which it goes on
     * @param steps updates in all
     */
    default void begin(int done, int steps) {}
}
