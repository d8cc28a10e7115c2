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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one training loop: for each step, its batch, forward, backward, update; now and then a validation loss and a
 * checkpoint. Stopped at any moment and started again with the same folder, model, batches and settings, it goes on from
 * the last checkpoint and comes to the same bits.
 */
public final class Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final Decoder model;
    private final TrainSettings settings;
    private final BatchSource batches;
    private final Validation validation;
    private final Meter meter;
    private final Storage storage;
    private Exam exam = Exam.NONE;

    /** @param meter says what the steps cost on this machine */
    public Trainer(Decoder model, TrainSettings settings, BatchSource batches, Validation validation, Meter meter) {
        this(model, settings, batches, validation, meter, Storage.local());
    }

    /** @param storage what checkpoints are written through */
    Trainer(
            Decoder model,
            TrainSettings settings,
            BatchSource batches,
            Validation validation,
            Meter meter,
            Storage storage) {
        this.model = model;
        this.settings = settings;
        this.batches = batches;
        this.validation = validation;
        this.meter = meter;
        this.storage = storage;
    }

    /** The same, with questions that the model is asked on the way. */
    public Trainer with(Exam other) {
        exam = other;
        return this;
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
                Checkpoints checkpoints =
                        new Checkpoints(folder, identity(), new Retention(settings.saving(), exam), storage)) {
            TrainState state = checkpoints.restore(optimizer);
            checkpoints.requireRoom(optimizer);
            listener.begin(state.step(), settings.steps());
            MetricsLog metrics = MetricsLog.openAfter(folder, state.step() == 0 ? -1 : state.step());
            Run run = new Run(optimizer, checkpoints, metrics, listener);
            if (state.step() == 0) {
                run.report(before());
            }
            while (state.step() < settings.steps()) {
                checkpoints.poll(listener);
                if (stop.getAsBoolean()) {
                    run.saveNow(state);
                    throw new StoppedException(state.step(), settings.steps());
                }
                if (isDue(state.step())) {
                    run.save(state);
                }
                state = run.step(state);
            }
            run.saveNow(state);
            return new TrainResult(metrics.reports(), checkpoints.folderOf(run.take(settings.take())));
        }
    }

    private StepReport before() throws IOException {
        Validation.Losses losses = validation.losses(model);
        return new StepReport(0, StepReport.Learning.before(losses, score(0)), meter.cost(List.of(), 0));
    }

    private Exam.Score score(int step) throws IOException {
        return exam.isDue(step, settings.steps()) ? exam.sit() : Exam.Score.NONE;
    }

    /** Before the first step there is nothing to save, unless a run may have to go back there. */
    private boolean isDue(int step) {
        return settings.saving().isPlanned(step)
                && (step > 0 || settings.badSteps().policy() == BadSteps.Policy.ROLL_BACK);
    }

    /** What a step came to; with a problem, its update was not made. */
    private record Attempt(LossSum loss, double gradientNorm, long targets, Optional<String> problem) {
        /** A step none of whose samples fits into a row; the twin of this run has the same step. */
        static final Attempt EMPTY = new Attempt(LossSum.ZERO, Double.NaN, 0, Optional.empty());

        static Attempt bad(LossSum loss, String problem) {
            return new Attempt(loss, Double.NaN, 0, Optional.of(problem));
        }
    }

    /** The steps of one process, with what they are written to. */
    private final class Run {
        private final Optimizer optimizer;
        private final TrainStep trainStep;
        private final Checkpoints checkpoints;
        private final MetricsLog metrics;
        private final TrainListener listener;

        Run(Optimizer optimizer, Checkpoints checkpoints, MetricsLog metrics, TrainListener listener) {
            this.optimizer = optimizer;
            this.trainStep = new TrainStep(model, optimizer);
            this.checkpoints = checkpoints;
            this.metrics = metrics;
            this.listener = listener;
        }

        TrainState step(TrainState before) throws IOException {
            int step = before.step() + 1;
            long begin = System.nanoTime();
            double rate = settings.schedule().at(step);
            List<PackedRow> rows;
            Attempt attempt;
            try {
                rows = batches.step(step);
                attempt = attempt(before, rows, rate);
            } catch (RuntimeException e) {
                rescue(before, e);
                throw e;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            TrainState after = attempt.problem.isPresent()
                    ? leaveOut(before, attempt.problem.get())
                    : before.after(attempt.loss.mean(), optimizer.updates());
            boolean validate = step % settings.validateEvery() == 0 || step == settings.steps();
            StepReport.Learning learning = new StepReport.Learning(
                    attempt.loss.mean(),
                    StepReport.Teaching.of(rows, attempt.loss),
                    attempt.gradientNorm,
                    rate,
                    rows.stream().mapToLong(row -> row.ids_N().length).sum(),
                    attempt.targets,
                    batches.dropped(step),
                    validate ? validation.losses(model) : Validation.Losses.NONE,
                    score(step));
            StepReport report = new StepReport(step, learning, meter.cost(rows, rows.isEmpty() ? 0 : seconds));
            report(report);
            Exam.Score score = learning.score();
            return after.measured(
                    report.validationLoss(), score.passAt1().value(), score.isThere() ? exam.fingerprint() : "");
        }

        /** What a step that failed has not spoilt is saved: its update was not made. */
        private void rescue(TrainState before, RuntimeException failure) {
            if (before.step() == 0) {
                return;
            }
            try {
                saveNow(before);
                LOG.warn(
                        "train: step {} failed; step {} is saved, and the same command goes on from there",
                        before.step() + 1,
                        before.step());
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
            }
        }

        /** Goes back to the best checkpoint where it is to be taken. Returns the step whose weights the run ends with. */
        int take(TrainSettings.Take take) throws IOException {
            OptionalInt best = take == TrainSettings.Take.BEST ? checkpoints.best() : OptionalInt.empty();
            if (best.isEmpty() || best.getAsInt() == settings.steps()) {
                return settings.steps();
            }
            int step = best.getAsInt();
            if (checkpoints.restore(step, optimizer).isEmpty()) {
                throw new IllegalStateException("train: the best checkpoint, of step " + step
                        + ", is damaged; set train.take: last to take the last one");
            }
            LOG.info("train: the student is that of step {}, the best", step);
            return step;
        }

        private Attempt attempt(TrainState before, List<PackedRow> rows, double rate) {
            if (rows.isEmpty()) {
                return Attempt.EMPTY;
            }
            LossSum loss = trainStep.backward(rows, settings.noise().of(before.step() + 1));
            Optional<String> problem = settings.badSteps().problem(loss.mean(), before.recentLosses());
            if (problem.isPresent()) {
                trainStep.skip();
                return Attempt.bad(loss, problem.get());
            }
            try {
                return new Attempt(loss, trainStep.update(rate), loss.count(), Optional.empty());
            } catch (ArithmeticException e) {
                return Attempt.bad(loss, "the norm of its gradient is no finite number");
            }
        }

        /** The state after a bad step, by the policy; the weights are those of before it. */
        private TrainState leaveOut(TrainState before, String problem) throws IOException {
            int step = before.step() + 1;
            String batch = BadStepException.names(batches.traceIds(step));
            return switch (settings.badSteps().policy()) {
                case STOP -> {
                    saveNow(before);
                    throw new BadStepException(step, problem, batch);
                }
                case SKIP -> {
                    LOG.warn("train: step {} is left out: {}. Its batch: {}", step, problem, batch);
                    yield before.without(step);
                }
                case ROLL_BACK -> {
                    int planned = settings.saving().lastPlanned(before.step());
                    checkpoints.settle(listener);
                    Optional<TrainState> back = checkpoints.restore(planned, optimizer);
                    if (back.isEmpty()) {
                        saveNow(before);
                        throw new BadStepException(
                                step,
                                problem + "; and there is no whole checkpoint of step " + planned + " to go back to",
                                batch);
                    }
                    LOG.warn(
                            "train: step {}: {}. Its batch: {}. Back to the weights of step {}; the batches since are left out",
                            step,
                            problem,
                            batch,
                            planned);
                    yield back.get().without(step);
                }
            };
        }

        /** Begins to save, the lines up to here first: a run that goes on from there has them. */
        void save(TrainState state) throws IOException {
            metrics.sync();
            checkpoints.save(state, optimizer, listener);
        }

        void saveNow(TrainState state) throws IOException {
            save(state);
            checkpoints.settle(listener);
        }

        void report(StepReport report) {
            try {
                metrics.add(report);
            } catch (IOException e) {
                throw checkpoints.failure("the line of step " + report.step() + " of " + MetricsLog.FILE_NAME, e);
            }
            listener.step(report);
        }
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
        if (settings.noise().alpha() > 0) { // checkpoints of versions without noise have no such part
            parts.put("embedding noise", settings.noise().toString());
        }
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
