package dev.distill.student.optim;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.EmbeddingNoise;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.LossSum;
import java.util.List;

/**
 * One optimizer update from a few micro-batches: the inner step of every training loop. Its two halves can be called one by one, by a loop
 * that looks at the loss before it lets the weights follow the gradients.
 */
public final class TrainStep {
    private final Decoder model;
    private final Optimizer optimizer;
    private final GradientReduction reduction;

    /** Of the only replica. */
    public TrainStep(Decoder model, Optimizer optimizer) {
        this(model, optimizer, GradientReduction.ALONE);
    }

    /** @param reduction called once a step, between backward and update */
    public TrainStep(Decoder model, Optimizer optimizer, GradientReduction reduction) {
        this.model = model;
        this.optimizer = optimizer;
        this.reduction = reduction;
    }

    /**
     * What a step did.
     *
     * @param loss sum over the step's targets before the update, and their count
     * @param gradientNorm before clipping
     */
    public record Result(LossSum loss, double gradientNorm) {}

    /**
     * Descends the mean loss over all targets of all micro-batches, each target counting the same wherever it lies.
     *
     * @throws IllegalArgumentException if no position has a target
     * @throws ArithmeticException as {@link #update}
     */
    public Result run(List<PackedRow> microBatches, double learningRate) {
        LossSum loss = backward(microBatches);
        return new Result(loss, update(learningRate));
    }

    /**
     * Gathers the gradient of the mean loss over all targets of all micro-batches, of all replicas.
     *
     * @return the sum of the losses, and the count of targets, of all replicas
     * @throws IllegalArgumentException if no position has a target
     */
    public LossSum backward(List<PackedRow> microBatches) {
        return backward(microBatches, EmbeddingNoise.NONE);
    }

    /** The same with noise on the embeddings, of its own for each micro-batch. */
    public LossSum backward(List<PackedRow> microBatches, EmbeddingNoise noise) {
        int targets = microBatches.stream().mapToInt(PackedRow::targets).sum();
        if (targets == 0) {
            throw new IllegalArgumentException("train step: none of the " + microBatches.size()
                    + " micro-batches has a target; is everything masked?");
        }
        LossSum loss = LossSum.ZERO;
        for (int i = 0; i < microBatches.size(); i++) {
            loss = loss.plus(model.forwardBackward(microBatches.get(i), 1f / targets, noise.of(i)));
        }
        return reduction.reduce(optimizer.gradients(), loss);
    }

    /**
     * Lets the weights follow the gradients that have gathered.
     *
     * @return the gradients' norm before clipping
     * @throws ArithmeticException if it is not finite; weights and moments are then as they were, the gradients forgotten
     */
    public double update(double learningRate) {
        return optimizer.step(learningRate);
    }

    /** Leaves the weights as they are; the gradients that have gathered are forgotten. */
    public void skip() {
        optimizer.forgetGradients();
    }
}
