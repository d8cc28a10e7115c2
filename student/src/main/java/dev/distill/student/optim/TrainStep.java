package dev.distill.student.optim;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.LossSum;
import java.util.List;

/** One optimizer update from a few micro-batches: the inner step of every training loop. */
public final class TrainStep {
    private final Decoder model;
    private final Optimizer optimizer;

    public TrainStep(Decoder model, Optimizer optimizer) {
        this.model = model;
        this.optimizer = optimizer;
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
     */
    public Result run(List<PackedRow> microBatches, double learningRate) {
        int targets = microBatches.stream().mapToInt(PackedRow::targets).sum();
        if (targets == 0) {
            throw new IllegalArgumentException("train step: none of the " + microBatches.size()
                    + " micro-batches has a target; is everything masked?");
        }
        LossSum loss = LossSum.ZERO;
        for (PackedRow row : microBatches) {
            loss = loss.plus(model.forwardBackward(row, 1f / targets));
        }
        return new Result(loss, optimizer.step(learningRate));
    }
}
