package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Hash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldBackTest {
    /** Two traces of each of so many prompts. */
    private static List<String> traces(int prompts) {
        return IntStream.range(0, 2 * prompts).mapToObj(i -> "prompt " + i / 2).toList();
    }

    /** The prompts of those held back; it is checked that they are held back whole. */
    private static Set<String> prompts(List<String> promptOf, int most, long seed) {
        Set<String> held = HeldBack.samples(promptOf.size(), promptOf::get, most, seed).stream()
                .mapToObj(promptOf::get)
                .collect(Collectors.toCollection(HashSet::new));
        int whole = (int) promptOf.stream().filter(held::contains).count();
        assertThat(HeldBack.samples(promptOf.size(), promptOf::get, most, seed).cardinality())
                .isEqualTo(whole);
        return held;
    }

    @Test
    void asManyTracesAsWantedAreHeldBackWhereThereAreEnough() {
        assertThat(prompts(traces(100), 20, 1)).hasSize(10);
        assertThat(prompts(traces(100), 0, 1)).isEmpty();
    }

    @Test
    void fewTracesAreMostlyTrainedOn() {
        assertThat(prompts(traces(10), 64, 1)).as("a fifth of 20 traces").hasSize(2);
        assertThat(prompts(traces(2), 64, 1)).as("less than one").isEmpty();
    }

    @Test
    void theChoiceDependsOnTheSeedAndNotOnTheOrder() {
        List<String> shuffled = new ArrayList<>(traces(100));
        Collections.reverse(shuffled);
        assertThat(prompts(shuffled, 20, 1)).isEqualTo(prompts(traces(100), 20, 1));
        assertThat(prompts(traces(100), 20, 2)).isNotEqualTo(prompts(traces(100), 20, 1));
    }

    @Test
    void morePromptsChangeTheChoiceLittle() {
        Set<String> before = prompts(traces(100), 20, 1);
        Set<String> after = prompts(traces(101), 20, 1);
        after.removeAll(before);
        assertThat(after).as("one new prompt moves at most one").hasSizeLessThanOrEqualTo(1);
    }

    /** The rule as it is said, with all prompts in a map: groups of a prompt in the order of their whole hashes, each taken if there is room for it. */
    @Test
    void theChoiceIsThatOfTheWholeHashes() {
        Random random = new Random(20261129);
        for (int round = 0; round < 50; round++) {
            int count = 1 + random.nextInt(400);
            List<String> promptOf = IntStream.range(0, count)
                    .mapToObj(i -> "p" + (int) (random.nextDouble() * random.nextDouble() * count))
                    .toList();
            int most = random.nextInt(100);
            long seed = random.nextLong();
            SortedMap<String, List<String>> byHash = promptOf.stream()
                    .collect(Collectors.groupingBy(
                            id -> Hash.of(List.of(Long.toString(seed), id)), TreeMap::new, Collectors.toList()));
            int left = Math.min(most, count / 5);
            Set<String> expected = new HashSet<>();
            for (List<String> ofOne : byHash.values()) {
                if (ofOne.size() <= left) {
                    expected.add(ofOne.getFirst());
                    left -= ofOne.size();
                }
            }
            assertThat(prompts(promptOf, most, seed)).as("round " + round).isEqualTo(expected);
        }
    }
}
