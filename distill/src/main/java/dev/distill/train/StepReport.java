package dev.distill.train;

/**
 * One update, as it stands in {@code metrics.jsonl}.
 *
 * @param step from 1; 0 is the state before the first update
 * @param loss mean over the step's trained tokens, in nats, before the update; NaN at step 0
 * @param gradientNorm before clipping; NaN at step 0
 * @param learningRate of this update
 * @param tokens positions that went through the model in this step, trained or not
 * @param trainedTokens those of them that had a target
 * @param seconds wall time of the step, batch making included
 * @param validationLoss mean over the validation set's trained tokens after this update; NaN where it was not measured
 */
public record StepReport(
        int step,
        double loss,
        double gradientNorm,
        double learningRate,
        long tokens,
        long trainedTokens,
        double seconds,
        double validationLoss) {}
