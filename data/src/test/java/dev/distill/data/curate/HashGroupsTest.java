package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashGroupsTest {
    private static List<Integer> values(HashGroups groups, long key) {
        List<Integer> values = new ArrayList<>();
        int group = groups.find(key);
        for (int i = group < 0 ? 0 : groups.from(group); group >= 0 && i < groups.to(group); i++) {
            values.add(groups.value(i));
        }
        return values;
    }

    @Test
    void holdsWhatAMapHoldsInTheOrderInWhichItWasPut() {
        long seed = 3;
        Random random = new Random(seed);
        for (int size : new int[] {0, 1, 2, 7, 64, 65, 1_000, 20_000}) {
            Map<Long, List<Integer>> map = new HashMap<>();
            HashGroups.Builder builder = new HashGroups.Builder();
            for (int i = 0; i < size; i++) {
                long key = Words.mixed(random.nextInt(1 + size / 2));
                map.computeIfAbsent(key, _ -> new ArrayList<>()).add(i);
                builder.add(key, i);
            }
            HashGroups groups = builder.build();
            assertThat(groups.isEmpty()).isEqualTo(size == 0);
            map.forEach((key, values) ->
                    assertThat(values(groups, key)).as("seed %d", seed).isEqualTo(values));
            int passed = 0;
            for (int i = 0; i < 10_000; i++) {
                long absent = Words.mixed(-1L - i);
                assertThat(groups.find(absent)).isEqualTo(-1);
                passed += groups.mayHold(absent) ? 1 : 0;
            }
            assertThat(passed)
                    .as("of 10,000 absent keys that the bits let pass, %d keys", map.size())
                    .isLessThan(200);
        }
    }

    /** Keys that share a place in the table: all their low bits are alike. */
    @Test
    void keysThatCollideAreToldApart() {
        HashGroups.Builder builder = new HashGroups.Builder();
        for (int i = 0; i < 200; i++) {
            builder.add((long) i << 32, i);
        }
        HashGroups groups = builder.build();
        for (int i = 0; i < 200; i++) {
            assertThat(values(groups, (long) i << 32)).containsExactly(i);
        }
        assertThat(values(groups, 200L << 32)).isEmpty();
    }
}
