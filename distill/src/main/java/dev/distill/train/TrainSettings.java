package dev.distill.train;

import dev.distill.student.model.EmbeddingNoise;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.optim.Schedule;

/**
 * What the loop needs to know.
 *
 * @param steps optimizer updates in all
 * @param schedule learning rate by update
 * @param optimizer the rule of the updates, and its constants
 * @param validateEvery updates between two validation losses; the first comes before the first update, the last after
 *     the last
 * @param saving when the state is saved
 * @param badSteps when a step is bad, and what happens then
 * @param noise on the embeddings of what is trained on, of its own in each step
 * @param take which weights the run ends with
 */
public record TrainSettings(
        int steps,
        Schedule schedule,
        OptimizerSettings optimizer,
        int validateEvery,
        Saving saving,
        BadSteps badSteps,
        EmbeddingNoise noise,
        Take take) {
    /** Which weights a run ends with. */
    public enum Take {
        /** Those after its last step. */
        LAST,
        /** Those of its best checkpoint, by validation loss or by score; the last where none was measured. */
        BEST
    }

    public TrainSettings {
        if (steps < 1 || validateEvery < 1) {
            throw new IllegalArgumentException(
                    "train: steps and validate-every must be at least 1; got " + steps + " and " + validateEvery);
        }
    }

    /** Without noise, to the last step. */
    public TrainSettings(
            int steps,
            Schedule schedule,
            OptimizerSettings optimizer,
            int validateEvery,
            Saving saving,
            BadSteps badSteps) {
        this(steps, schedule, optimizer, validateEvery, saving, badSteps, EmbeddingNoise.NONE, Take.LAST);
    }

    /** The same with this noise. */
    public TrainSettings with(EmbeddingNoise other) {
        return new TrainSettings(steps, schedule, optimizer, validateEvery, saving, badSteps, other, take);
    }

    /** The same, ending with other weights. */
    public TrainSettings taking(Take other) {
        return new TrainSettings(steps, schedule, optimizer, validateEvery, saving, badSteps, noise, other);
    }
}
