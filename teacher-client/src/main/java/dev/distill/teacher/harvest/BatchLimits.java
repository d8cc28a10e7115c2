package dev.distill.teacher.harvest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How requests are put into batches, for a provider's batch API.
 *
 * @param requests of one batch at most
 * @param bytes of its file at most
 * @param atATime batches on their way
 * @param poll wait between two looks at them
 * @param cancel whether the batches that are on their way are called back, and nothing more is asked
 */
public record BatchLimits(int requests, long bytes, int atATime, Duration poll, boolean cancel) {
    /** 10,000 requests, 100 MB, eight at a time, a look every minute. */
    public static final BatchLimits DEFAULT = new BatchLimits(10_000, 100_000_000, 8, Duration.ofMinutes(1), false);

    /** What is wrong with these values, in the words of a recipe; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (requests < 1 || bytes < 1 || atATime < 1) {
            problems.add("harvest.batch-requests, harvest.batch-mb and harvest.batches: must be 1 or more; got "
                    + requests + ", " + bytes + " bytes and " + atATime);
        }
        if (!poll.isPositive()) {
            problems.add("harvest.batch-poll-s: must be above 0; got " + poll);
        }
        return problems;
    }
}
