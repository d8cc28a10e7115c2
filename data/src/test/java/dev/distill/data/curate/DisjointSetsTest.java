package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DisjointSetsTest {
    /** Against sets that are renamed one by one. */
    @Test
    void eachNumberIsInTheSetOfTheLeastThatItIsJoinedWith() {
        long seed = 5;
        Random random = new Random(seed);
        DisjointSets sets = new DisjointSets();
        int[] names = new int[3_000];
        Arrays.setAll(names, i -> i);
        for (int i = 0; i < 2_000; i++) {
            int a = random.nextInt(names.length);
            int b = random.nextInt(names.length);
            sets.union(a, b);
            int from = Math.max(names[a], names[b]);
            int to = Math.min(names[a], names[b]);
            for (int k = 0; k < names.length; k++) {
                names[k] = names[k] == from ? to : names[k];
            }
        }
        int[] found = new int[names.length];
        Arrays.setAll(found, sets::find);
        assertThat(found).as("seed %d", seed).isEqualTo(names);
        int[] all = sets.sets(names.length);
        for (int k = 0; k < all.length; k++) {
            int number = k;
            boolean alone =
                    Arrays.stream(names).filter(name -> name == names[number]).count() == 1;
            assertThat(all[k]).isEqualTo(alone ? -1 : names[k]);
        }
    }

    @Test
    void whatWasNeverJoinedIsAlone() {
        DisjointSets sets = new DisjointSets();
        assertThat(sets.find(7)).isEqualTo(7);
        assertThat(sets.sets(3)).containsExactly(-1, -1, -1);
        sets.union(1, 1_000_000);
        assertThat(sets.find(1_000_000)).isEqualTo(1);
        assertThat(sets.sets(3)).containsExactly(-1, 1, -1);
    }
}
