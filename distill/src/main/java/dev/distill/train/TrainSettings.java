package dev.distill.train;

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
 * @param checkpointEvery updates between two checkpoints; the last update always has one
 */
public record TrainSettings(
        int steps, Schedule schedule, OptimizerSettings optimizer, int validateEvery, int checkpointEvery) {
    public TrainSettings {
        if (steps < 1 || validateEvery < 1 || checkpointEvery < 1) {
            throw new IllegalArgumentException("train: steps, validate-every and checkpoint-every must be at least 1;"
                    + " got " + steps + ", " + validateEvery + ", " + checkpointEvery);
        }
    }
}
