package dev.distill.train;

import java.nio.file.Path;
import java.util.List;

/** Hears of a training run while it goes on, on the training thread: progress bars, event files, tests. */
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

    /**
     * A teacher reads the samples, before the run begins.
     *
     * @param done samples, those of earlier processes included
     */
    default void teacherReads(int done, int samples) {}

    /** The student has answered one of the prompts that it is asked again and again. */
    default void sample(SampleReport sample) {}

    /** One that tells all of these, in this order. */
    static TrainListener all(List<TrainListener> listeners) {
        List<TrainListener> each = List.copyOf(listeners);
        return new TrainListener() {
            @Override
            public void step(StepReport report) {
                each.forEach(listener -> listener.step(report));
            }

            @Override
            public void checkpoint(int step, Path folder) {
                each.forEach(listener -> listener.checkpoint(step, folder));
            }

            @Override
            public void begin(int done, int steps) {
                each.forEach(listener -> listener.begin(done, steps));
            }

            @Override
            public void teacherReads(int done, int samples) {
                each.forEach(listener -> listener.teacherReads(done, samples));
            }

            @Override
            public void sample(SampleReport sample) {
                each.forEach(listener -> listener.sample(sample));
            }
        };
    }
}
