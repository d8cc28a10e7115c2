package dev.distill.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a step is bad, and what happens then. A loss or a gradient that is no finite number always is. A loss that is far above those of
 * the steps before it is one where {@code spikeFactor} says so; small batches of very different samples have such losses by themselves, and so
 * it is off unless it is wanted.
 *
 * @param policy what happens at a bad step; its update never does
 * @param spikeFactor 0 for never; else above 1: a loss is a spike if it is more than so many times the median of the last 50 good ones,
 *     and above the median by more than 10 times their median absolute deviation. At least 20 must have been there before it
 */
public record BadSteps(Policy policy, double spikeFactor) {
    /** Stop at what is no number, and at nothing else. */
    public static final BadSteps DEFAULT = new BadSteps(Policy.STOP, 0);

    private static final int WINDOW = 50;
    private static final int LEAST = 20;
    private static final double DEVIATIONS = 10;

    /** What happens at a bad step. */
    public enum Policy {
        /** The state before it is saved, and the run ends. */
        STOP,
        /** Its batch is left out. */
        SKIP,
        /**
         * The weights go back to the last planned checkpoint, and all batches since are left out, the bad one too: those before it may have
         * led there (as in PaLM's training, arXiv:2204.02311, section 5.1). Going back alone would come to the same bits as leaving
         * the one batch out.
         */
        ROLL_BACK
    }

    public BadSteps {
        if (!(spikeFactor == 0 || spikeFactor > 1)) {
            throw new IllegalArgumentException(
                    "train: spike-factor must be 0 (for never) or above 1, got " + spikeFactor);
        }
    }

    /** What is wrong with this mean loss after those; empty where nothing is. */
    Optional<String> problem(double loss, List<Double> recent) {
        if (!Double.isFinite(loss)) {
            return Optional.of("its loss is " + loss);
        }
        if (spikeFactor == 0 || recent.size() < LEAST) {
            return Optional.empty();
        }
        double median = median(recent);
        double deviation =
                median(recent.stream().map(one -> Math.abs(one - median)).toList());
        boolean spike = loss > spikeFactor * median && loss > median + DEVIATIONS * deviation;
        return spike
                ? Optional.of(
                        "its loss of %.4g is a spike: the last %d have a median of %.4g, deviating by %.3g (train.spike-factor: %s)"
                                .formatted(loss, recent.size(), median, deviation, spikeFactor))
                : Optional.empty();
    }

    /** The newest losses, one more added. */
    static List<Double> with(List<Double> recent, double loss) {
        if (!Double.isFinite(loss)) {
            return recent;
        }
        List<Double> all = new ArrayList<>(recent);
        all.add(loss);
        return all.subList(Math.max(0, all.size() - WINDOW), all.size());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
