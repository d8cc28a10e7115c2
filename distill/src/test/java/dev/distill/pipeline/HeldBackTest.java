package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldBackTest {
    /** Two traces of each of so many prompts. */
    private static List<String> traces(int prompts) {
        return IntStream.range(0, 2 * prompts).mapToObj(i -> "prompt " + i / 2).toList();
    }

    @Test
    void asManyTracesAsWantedAreHeldBackWhereThereAreEnough() {
        assertThat(HeldBack.prompts(traces(100), 20, 1)).hasSize(10);
        assertThat(HeldBack.prompts(traces(100), 0, 1)).isEmpty();
    }

    @Test
    void fewTracesAreMostlyTrainedOn() {
        assertThat(HeldBack.prompts(traces(10), 64, 1))
                .as("a fifth of 20 traces")
                .hasSize(2);
        assertThat(HeldBack.prompts(traces(2), 64, 1)).as("less than one").isEmpty();
    }

    @Test
    void theChoiceDependsOnTheSeedAndNotOnTheOrder() {
        List<String> shuffled = new ArrayList<>(traces(100));
        Collections.reverse(shuffled);
        assertThat(HeldBack.prompts(shuffled, 20, 1)).isEqualTo(HeldBack.prompts(traces(100), 20, 1));
        assertThat(HeldBack.prompts(traces(100), 20, 2)).isNotEqualTo(HeldBack.prompts(traces(100), 20, 1));
    }

    @Test
    void morePromptsChangeTheChoiceLittle() {
        Set<String> before = HeldBack.prompts(traces(100), 20, 1);
        Set<String> after = HeldBack.prompts(traces(101), 20, 1);
        after.removeAll(before);
        assertThat(after).as("one new prompt moves at most one").hasSizeLessThanOrEqualTo(1);
    }
}
