package dev.distill.student.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which stages of a model, its blocks and behind them its head, do not stay in memory.
 *
 * <p>As many blocks stay as there is room for. Every pass has to read the others whatever the order in which memory is reused, so the plan
 * only spreads them over the model: while the pass computes blocks that stay, the disk reads the next that does not. With less room the same
 * ones are streamed and a few more, so that little is read twice when room changes. The head is the first to go: a training step comes to it
 * once, to a block twice.
 *
 * @param streamed their numbers, the head's being the number of blocks; none where all stages fit
 * @param window bytes that they may take in memory at one time: the one that is computed, and the next
 */
record StreamPlan(Set<Integer> streamed, long window) {
    /** Its multiples, without their whole parts, cut a line ever more finely and nearly evenly: Knuth, The Art of Computer Programming, 6.4. */
    private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

    static final StreamPlan NONE = new StreamPlan(Set.of(), 0);

    StreamPlan {
        streamed = Set.copyOf(streamed);
    }

    /**
     * @param stages bytes of each block, and of the head
     * @param room bytes for all of them; where it is less than a window, a window is taken all the same
     */
    static StreamPlan of(long[] stages, long room) {
        if (Arrays.stream(stages).sum() <= room) {
            return NONE;
        }
        int blocks = stages.length - 1;
        long largest = Arrays.stream(stages, 0, blocks).max().orElseThrow();
        long window = largest + Math.max(largest, stages[blocks]);
        long staying = largest == 0 ? blocks : Math.clamp((room - window) / largest, 0, blocks - 1);
        Set<Integer> streamed = IntStream.range(0, blocks)
                .boxed()
                .sorted(Comparator.comparingDouble(block -> (block + 1) * GOLDEN_RATIO % 1))
                .limit(blocks - staying)
                .collect(Collectors.toSet());
        streamed.add(blocks);
        return new StreamPlan(streamed, window);
    }

    boolean streams(int stage) {
        return streamed.contains(stage);
    }

    boolean streamsNothing() {
        return streamed.isEmpty();
    }

    /** The first streamed stage behind this one on the way up (step 1) or down (-1); -1 where there is none. */
    int next(int stage, int step) {
        return streamed.stream()
                .filter(each -> (each - stage) * step > 0)
                .reduce((a, b) -> (a - b) * step < 0 ? a : b)
                .orElse(-1);
    }
}
