package dev.distill.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which checkpoints stay: the newest few, the best (of the lowest validation loss or of the highest score), and the newest of those that were planned,
 * to which a run rolls back.
 */
final class Retention {
    private final Saving saving;
    private final Exam exam;
    private final List<Kept> checkpoints = new ArrayList<>();

    /** @param badness less is better; NaN where it was not measured after this step */
    private record Kept(int step, double badness) {}

    /** @param exam may say which is the best, in place of the validation loss; scores of other questions than its own do not count */
    Retention(Saving saving, Exam exam) {
        this.saving = saving;
        this.exam = exam;
    }

    /** A checkpoint is on the disk. */
    void add(TrainState state) {
        checkpoints.removeIf(kept -> kept.step == state.step());
        checkpoints.add(new Kept(state.step(), badness(state)));
        checkpoints.sort(Comparator.comparingInt(Kept::step).reversed());
    }

    private double badness(TrainState state) {
        if (!exam.selects()) {
            return state.validationLoss();
        }
        return state.exam().equals(exam.fingerprint()) ? -state.score() : Double.NaN;
    }

    /** The steps whose checkpoints are to go; they are no longer counted. */
    List<Integer> surplus() {
        Set<Kept> stay = new HashSet<>(checkpoints.subList(0, Math.min(saving.keep(), checkpoints.size())));
        best().ifPresent(stay::add);
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

    /** Of equally good ones the newest. */
    private Optional<Kept> best() {
        return checkpoints.stream()
                .filter(kept -> Double.isFinite(kept.badness))
                .min(Comparator.comparingDouble(Kept::badness));
    }

    /** The step of the best checkpoint; empty where none was measured. */
    OptionalInt bestStep() {
        return best().map(kept -> OptionalInt.of(kept.step)).orElseGet(OptionalInt::empty);
    }

    /** How many are on the disk at most, one that is being written among them. */
    int most() {
        return saving.most();
    }

    int count() {
        return checkpoints.size();
    }
}
