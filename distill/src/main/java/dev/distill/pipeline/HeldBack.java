package dev.distill.pipeline;

import dev.distill.data.trace.Hash;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which prompts a student is not trained on, so that the validation loss says something. */
final class HeldBack {
    /** At most one trace of so many is held back: the others are there to be learnt. */
    private static final int SHARE = 5;

    private HeldBack() {}

    /**
     * Whole prompts, in the order of their hashes, so that what else was harvested hardly changes the choice.
     *
     * @param promptOfEach the prompt's id of each trace
     * @param most traces to hold back; fewer where the prompts that are left have too many, or there are few traces
     */
    static Set<String> prompts(List<String> promptOfEach, int most, long seed) {
        SortedMap<String, List<String>> byHash = promptOfEach.stream()
                .collect(Collectors.groupingBy(
                        id -> Hash.of(List.of(Long.toString(seed), id)), TreeMap::new, Collectors.toList()));
        int left = Math.min(most, promptOfEach.size() / SHARE);
        Set<String> prompts = new HashSet<>();
        for (List<String> tracesOfOne : byHash.values()) {
            if (tracesOfOne.size() <= left) {
                prompts.add(tracesOfOne.getFirst());
                left -= tracesOfOne.size();
            }
        }
        return prompts;
    }
}
