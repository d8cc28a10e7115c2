package dev.distill.train;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Hash;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.LossSum;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
    private final List<PackedRow> validation;
    private final Storage storage;

    /** @param validation never trained on; empty where no validation loss is wanted */
    public Trainer(Decoder model, TrainSettings settings, BatchSource batches, List<PackedRow> validation) {
        this(model, settings, batches, validation, Storage.local());
    }

    /** @param storage what checkpoints are written through */
    Trainer(Decoder model, TrainSettings settings, BatchSource batches, List<PackedRow> validation, Storage storage) {
        this.storage = storage;
        this.model = model;
        this.settings = settings;
        this.batches = batches;
        this.validation = List.copyOf(validation);
    }

    /**
     * Trains to the last step.
     *
     * @param folder gets {@code metrics.jsonl} and the checkpoints
     * @param stop asked before each step; once true, the run saves a checkpoint and ends with {@link StoppedException}
     */
    public TrainResult run(Path folder, TrainListener listener, BooleanSupplier stop) throws IOException {
        Files.createDirectories(folder);
        try (Optimizer optimizer = new Optimizer(model.ops(), model.trained(), settings.optimizer());
                Checkpoints checkpoints = new Checkpoints(folder, identity(), settings.saving(), storage)) {
            TrainState state = checkpoints.restore(optimizer);
            checkpoints.requireRoom(optimizer);
            listener.begin(state.step(), settings.steps());
            try (MetricsLog metrics = MetricsLog.openAfter(folder, state.step() == 0 ? -1 : state.step())) {
                if (state.step() == 0) {
                    report(new StepReport(0, Double.NaN, Double.NaN, 0, 0, 0, 0, validationLoss()), metrics, listener);
                }
                TrainStep trainStep = new TrainStep(model, optimizer);
                while (state.step() < settings.steps()) {
                    checkpoints.poll(listener);
                    boolean stopping = stop.getAsBoolean();
                    if (stopping || settings.saving().isPlanned(state.step()) && state.step() > 0) {
                        metrics.sync();
                        checkpoints.save(state, optimizer, listener);
                    }
                    if (stopping) {
                        checkpoints.settle(listener);
                        throw new StoppedException(state.step(), settings.steps());
                    }
                    StepReport report = step(state.step() + 1, trainStep);
                    report(report, metrics, listener);
                    state = new TrainState(
                            report.step(), optimizer.updates(), report.validationLoss(), List.of(), List.of());
                }
                metrics.sync();
                checkpoints.save(state, optimizer, listener);
                checkpoints.settle(listener);
                return new TrainResult(metrics.reports(), checkpoints.folderOf(settings.steps()));
            }
        }
    }

    private StepReport step(int step, TrainStep trainStep) {
        long begin = System.nanoTime();
        List<PackedRow> rows = batches.step(step);
        double rate = settings.schedule().at(step);
        if (rows.isEmpty()) { // all of its samples were over-long; the twin of this run has the same step
            return new StepReport(step, Double.NaN, Double.NaN, rate, 0, 0, 0, Double.NaN);
        }
        TrainStep.Result result = trainStep.run(rows, rate);
        double seconds = (System.nanoTime() - begin) / 1e9;
        boolean validate = step % settings.validateEvery() == 0 || step == settings.steps();
        return new StepReport(
                step,
                result.loss().sum() / result.loss().count(),
                result.gradientNorm(),
                rate,
                rows.stream().mapToLong(row -> row.ids_N().length).sum(),
                result.loss().count(),
                seconds,
                validate ? validationLoss() : Double.NaN);
    }

    private static void report(StepReport report, MetricsLog metrics, TrainListener listener) {
        try {
            metrics.add(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listener.step(report);
    }

    private double validationLoss() {
        LossSum loss = LossSum.ZERO;
        for (PackedRow row : validation) {
            loss = loss.plus(model.loss(row));
        }
        return loss.count() == 0 ? Double.NaN : loss.sum() / loss.count();
    }

    /** All that decides the run's numbers, but for the weights that it begins with. */
    private RunIdentity identity() {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put("model", model.config().toString());
        parts.put(
                "trained weights",
                model.trained().size() + " of "
                        + Hash.of(model.trained().stream().map(Parameter::name).toList()));
        parts.put("steps", Integer.toString(settings.steps()));
        parts.put("schedule", settings.schedule().toString());
        parts.put("optimizer", settings.optimizer().toString());
        parts.putAll(batches.identity());
        parts.put("compute", model.ops().compute() + " with " + model.ops().activations());
        parts.put("threads", Integer.toString(model.ops().threads()));
        parts.put("world size", "1");
        return new RunIdentity(parts);
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
