package dev.distill.bench;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.LossSum;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.optim.TrainStep;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Times whole training steps: forward, backward and the optimizer's update, on rows of random tokens of which every position but the
 * last is trained, at a constant learning rate.
 */
public final class TrainBench {
    private static final double LEARNING_RATE = 1e-5;

    /** Betas 0.9 and 0.95, no decay, no clipping. */
    public static final AdamWSettings ADAMW = new AdamWSettings(0.9, 0.95, 1e-8, 0, Double.POSITIVE_INFINITY);

    private TrainBench() {}

    /** What is trained. */
    public enum Mode {
        /** All weights. */
        FULL,
        /** An adapter on frozen weights. */
        LORA,
        /** An adapter on frozen weights in NF4. */
        QLORA
    }

    /**
     * What is timed.
     *
     * @param tokens of a row, at least 2
     * @param batch rows of a step, one micro-batch each
     * @param warmup steps before those that count
     * @param rank of the adapter
     * @param seed of tokens and adapter
     * @param activations whether they are kept for the backward
     * @param optimizer the rule of the updates
     */
    public record Settings(
            Mode mode,
            int tokens,
            int batch,
            int steps,
            int warmup,
            int rank,
            long seed,
            Decoder.Memory activations,
            OptimizerSettings optimizer) {}

    /** @param loss the mean over the step's targets, before its update */
    public record Step(double seconds, double loss) {}

    /**
     * What was found.
     *
     * @param warmup the steps that do not count
     * @param steps those that do; fewer than asked for if the run was stopped
     * @param firstStepAfter seconds from the start of the JVM to the end of the first step of all
     */
    public record Result(List<Step> warmup, List<Step> steps, double firstStepAfter) {
        public Result {
            warmup = List.copyOf(warmup);
            steps = List.copyOf(steps);
        }

        /** Seconds from the start of the JVM to the beginning of the first step of all; NaN where there was none. */
        public double readyAfter() {
            return Stream.concat(warmup.stream(), steps.stream())
                    .findFirst()
                    .map(first -> firstStepAfter - first.seconds)
                    .orElse(Double.NaN);
        }
    }

    /**
     * Trains and times.
     *
     * @param stop asked before each step
     * @param done hears of each step as it ends
     */
    public static Result run(Decoder model, Settings settings, BooleanSupplier stop, Consumer<Step> done) {
        int most = model.config().maxPositions();
        if (settings.tokens() > most) {
            throw new IllegalArgumentException("bench train: a row must have at most " + most
                    + " tokens, the model's positions; got " + settings.tokens());
        }
        SplittableRandom random = new SplittableRandom(settings.seed());
        List<Step> steps = new ArrayList<>();
        double firstStepAfter = Double.NaN;
        try (Optimizer optimizer = new Optimizer(model.ops(), model.trained(), settings.optimizer())) {
            TrainStep trainStep = new TrainStep(model, optimizer);
            while (steps.size() < settings.warmup() + settings.steps() && !stop.getAsBoolean()) {
                List<PackedRow> rows = rows(random, settings, model.config().vocabulary());
                long begin = System.nanoTime();
                LossSum loss = trainStep.run(rows, LEARNING_RATE).loss();
                Step step = new Step((System.nanoTime() - begin) / 1e9, loss.sum() / loss.count());
                if (steps.isEmpty()) {
                    firstStepAfter = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
                }
                steps.add(step);
                done.accept(step);
            }
        }
        int counted = Math.min(settings.warmup(), steps.size());
        return new Result(steps.subList(0, counted), steps.subList(counted, steps.size()), firstStepAfter);
    }

    private static List<PackedRow> rows(SplittableRandom random, Settings settings, int vocabulary) {
        List<PackedRow> rows = new ArrayList<>();
        for (int i = 0; i < settings.batch(); i++) {
            rows.add(PackedRow.nextToken(
                    random.ints(settings.tokens(), 0, vocabulary).toArray()));
        }
        return rows;
    }
}
