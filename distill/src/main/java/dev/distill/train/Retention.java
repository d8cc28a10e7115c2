package dev.distill.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which checkpoints stay: the newest few, the one of the lowest validation loss, and the newest of those that were planned,
 * to which a run rolls back.
 */
final class Retention {
    private final Saving saving;
    private final List<Kept> checkpoints = new ArrayList<>();

    /** @param validationLoss NaN where it was not measured after this step */
    private record Kept(int step, double validationLoss) {}

    Retention(Saving saving) {
        this.saving = saving;
    }

    /** A checkpoint is on the disk. */
    void add(TrainState state) {
        checkpoints.removeIf(kept -> kept.step == state.step());
        checkpoints.add(new Kept(state.step(), state.validationLoss()));
        checkpoints.sort(Comparator.comparingInt(Kept::step).reversed());
    }

    /** The steps whose checkpoints are to go; they are no longer counted. */
    List<Integer> surplus() {
        Set<Kept> stay = new HashSet<>(checkpoints.subList(0, Math.min(saving.keep(), checkpoints.size())));
        checkpoints.stream()
                .filter(kept -> Double.isFinite(kept.validationLoss))
                .min(Comparator.comparingDouble(Kept::validationLoss))
                .ifPresent(stay::add);
        checkpoints.stream()
                .filter(kept -> saving.isPlanned(kept.step))
                .findFirst()
                .ifPresent(stay::add);
        List<Integer> surplus = checkpoints.stream()
                .filter(kept -> !stay.contains(kept))
                .map(Kept::step)
                .toList();
        checkpoints.removeIf(kept -> !stay.contains(kept));
        return surplus;
    }

    /** How many are on the disk at most, one that is being written among them. */
    int most() {
        return saving.keep() + 3;
    }

    int count() {
        return checkpoints.size();
    }
}
