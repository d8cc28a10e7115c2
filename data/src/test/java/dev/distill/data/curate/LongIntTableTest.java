package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongIntTableTest {
    /** Keys that are scattered, and such as differ in their high bits alone; a table that has room, and one that grows. */
    @Test
    void holdsWhatAMapHolds() {
        long seed = 4;
        Random random = new Random(seed);
        for (int expected : new int[] {5_000, 1}) {
            Map<Long, Integer> map = new HashMap<>();
            LongIntTable table = new LongIntTable(expected);
            for (int i = 0; i < 5_000; i++) {
                long key = i % 2 == 0 ? Words.mixed(random.nextInt(2_000)) : (long) random.nextInt(100) << 40;
                Integer before = map.put(key, i);
                assertThat(table.put(key, i)).as("seed %d", seed).isEqualTo(before == null ? -1 : before);
                assertThat(table.size()).isEqualTo(map.size());
            }
            map.forEach((key, value) -> assertThat(table.get(key)).isEqualTo(value));
            assertThat(table.get(Words.mixed(-1))).isEqualTo(LongIntTable.NONE);
        }
    }

    @Test
    void countsHowOftenAKeyCame() {
        LongIntTable table = new LongIntTable(3);
        for (int i = 0; i < 300; i++) {
            assertThat(table.count(i % 3)).isEqualTo(i / 3);
        }
        assertThat(table.get(2)).isEqualTo(99);
        assertThat(table.get(3)).isEqualTo(-1);
    }
}
