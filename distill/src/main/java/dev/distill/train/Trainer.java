package dev.distill.train;

import dev.distill.data.trace.Hash;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The one training loop: for each step, its batch, forward, backward, update; now and then a validation loss and a
 * checkpoint. Stopped at any moment and started again with the same folder, model, batches and settings, it goes on from
 * the last checkpoint and comes to the same bits.
 */
public final class Trainer {
    private final Decoder model;
    private final TrainSettings settings;
    private final BatchSource batches;
    private final Validation validation;
    private final Meter meter;

    /** @param meter says what the steps cost on this machine */
    public Trainer(Decoder model, TrainSettings settings, BatchSource batches, Validation validation, Meter meter) {
        this.model = model;
        this.settings = settings;
        this.batches = batches;
        this.validation = validation;
        this.meter = meter;
    }

    /**
     * Trains to the last step.
     *
     * @param folder gets {@code metrics.jsonl} and the checkpoints
     * @param stop asked before each step; once true, the run saves a checkpoint and ends with {@link StoppedException}
     */
    public TrainResult run(Path folder, TrainListener listener, BooleanSupplier stop) throws IOException {
        Files.createDirectories(folder);
        Checkpoints checkpoints = new Checkpoints(folder, fingerprint());
        try (Optimizer optimizer = new Optimizer(model.ops(), model.trained(), settings.optimizer())) {
            int done = checkpoints.restore(optimizer);
            listener.begin(done, settings.steps());
            try (MetricsLog metrics = MetricsLog.openAfter(folder, done == 0 ? -1 : done)) {
                if (done == 0) {
                    report(before(), metrics, listener);
                }
                TrainStep trainStep = new TrainStep(model, optimizer);
                for (int step = done + 1; step <= settings.steps(); step++) {
                    if (stop.getAsBoolean()) {
                        listener.checkpoint(step - 1, checkpoints.save(step - 1, optimizer));
                        throw new StoppedException(step - 1, settings.steps());
                    }
                    report(step(step, trainStep), metrics, listener);
                    if (step % settings.checkpointEvery() == 0 || step == settings.steps()) {
                        listener.checkpoint(step, checkpoints.save(step, optimizer));
                    }
                }
                return new TrainResult(metrics.reports(), checkpoints.folderOf(settings.steps()));
            }
        }
    }

    private StepReport before() {
        return new StepReport(0, StepReport.Learning.before(validation.losses(model)), meter.cost(List.of(), 0));
    }

    private StepReport step(int step, TrainStep trainStep) {
        long begin = System.nanoTime();
        List<PackedRow> rows = batches.step(step);
        int samples = rows.stream().mapToInt(row -> row.sequences().count()).sum();
        int dropped = batches.samples(step) - samples;
        double rate = settings.schedule().at(step);
        if (rows.isEmpty()) {
            return new StepReport(step, StepReport.Learning.nothing(rate, dropped), meter.cost(rows, 0));
        }
        TrainStep.Result result = trainStep.run(rows, rate);
        double seconds = (System.nanoTime() - begin) / 1e9;
        boolean validate = step % settings.validateEvery() == 0 || step == settings.steps();
        StepReport.Learning learning = new StepReport.Learning(
                result.loss().mean(),
                StepReport.Teaching.of(rows, result.loss()),
                result.gradientNorm(),
                rate,
                rows.stream().mapToLong(row -> row.ids_N().length).sum(),
                result.loss().count(),
                dropped,
                validate ? validation.losses(model) : Validation.Losses.NONE);
        return new StepReport(step, learning, meter.cost(rows, seconds));
    }

    private static void report(StepReport report, MetricsLog metrics, TrainListener listener) {
        try {
            metrics.add(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listener.step(report);
    }

    /** All that decides the run's numbers, but for the weights that it begins with. */
    private String fingerprint() {
        return Hash.of(List.of(
                model.config().toString(),
                model.trained().stream()
                        .map(parameter -> parameter.name())
                        .toList()
                        .toString(),
                settings.steps() + " " + settings.schedule() + " " + settings.optimizer(),
                batches.fingerprint()));
    }

    /** A run that was asked to stop and has saved its state. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException(int step, int steps) {
            super("train: stopped after step " + step + " of " + steps
                    + ", which is saved; the same command goes on from there");
        }
    }
}
