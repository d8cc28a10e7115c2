package dev.distill.train.watch;

import dev.distill.train.SampleReport;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One whose file nobody needs to go on: where it cannot be written, that is told once, and the training goes on without it. */
final class Bystander implements TrainListener {
    private static final Logger LOG = LoggerFactory.getLogger(Bystander.class);

    private final String file;
    private final TrainListener listener;
    private boolean silent;

    /** @param file what the listener writes, for the warning */
    Bystander(String file, TrainListener listener) {
        this.file = file;
        this.listener = listener;
    }

    private void tell(Runnable told) {
        if (silent) {
            return;
        }
        try {
            told.run();
        } catch (UncheckedIOException e) {
            silent = true;
            LOG.warn(
                    "train: {} could not be written ({}); it ends here, and the training goes on",
                    file,
                    e.getMessage());
        }
    }

    @Override
    public void step(StepReport report) {
        tell(() -> listener.step(report));
    }

    @Override
    public void checkpoint(int step, Path folder) {
        tell(() -> listener.checkpoint(step, folder));
    }

    @Override
    public void begin(int done, int steps) {
        tell(() -> listener.begin(done, steps));
    }

    @Override
    public void teacherReads(int done, int samples) {
        tell(() -> listener.teacherReads(done, samples));
    }

    @Override
    public void sample(SampleReport sample) {
        tell(() -> listener.sample(sample));
    }
}
