package dev.distill.train;

/**
 * When a run's state is saved, and how much of that stays.
 *
 * @param every updates between two checkpoints; the last update always has one
 * @param keep how many of the newest stay; the best one stays besides, and the newest of those that were planned
 */
public record Saving(int every, int keep) {
    /** Two: should the newest be damaged, there is the one before. */
    public static final int DEFAULT_KEEP = 2;

    /** Of memory, what a copy may take at most. */
    private static final int SHARE = 4;

    public Saving {
        if (every < 1 || keep < 1) {
            throw new IllegalArgumentException(
                    "train: checkpoint-every and keep-checkpoints must be at least 1; got " + every + " and " + keep);
        }
    }

    /**
     * Whether a copy is made, to be written in the background; else the checkpoint is written while the training waits.
     *
     * @param copy bytes of it
     * @param memory bytes that the process may use
     */
    public static boolean fits(long copy, long memory) {
        return copy <= memory / SHARE;
    }

    /** How many there are on the disk at most: those that stay, the best, the newest planned one, and one that is being written. */
    public int most() {
        return keep + 3;
    }

    /** The last step up to this one that has a checkpoint by plan; 0 is the state before the first. */
    int lastPlanned(int step) {
        return step / every * every;
    }

    /** Whether this step has a checkpoint by plan, whoever stops or starts the run. */
    boolean isPlanned(int step) {
        return step % every == 0;
    }
}
