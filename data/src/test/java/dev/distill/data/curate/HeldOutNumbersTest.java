package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldOutNumbersTest {
    /** Looking where any set's rows may begin must find what looking everywhere finds. */
    @Test
    void whereRowsMayBeginEveryRowOfEverySetBegins() {
        long seed = 21;
        Random random = new Random(seed);
        int rows = 0;
        for (int i = 0; i < 300; i++) {
            List<NumberIndex> sets = new ArrayList<>();
            for (int set = 0; set < 3; set++) {
                List<Words> questions = new ArrayList<>();
                for (int q = 0; q < 20; q++) {
                    questions.add(Words.of(numbers(random, random.nextInt(6))));
                }
                sets.add(new HeldOutIndex(questions).longNumbers());
            }
            HeldOutNumbers all = new HeldOutNumbers(sets);
            Problem text = Problem.of(Words.of(numbers(random, random.nextInt(400))));
            int[] firsts = all.among(text);
            assertThat(firsts).isSorted().hasSizeLessThanOrEqualTo(text.numbers());
            for (NumberIndex set : sets) {
                long[] everywhere = set.rows(text);
                assertThat(set.rows(text, firsts)).as("seed %d", seed).isEqualTo(everywhere);
                rows += everywhere.length;
            }
        }
        assertThat(rows).isGreaterThan(1_000);
    }

    private static String numbers(Random random, int count) {
        StringBuilder text = new StringBuilder("so");
        for (int i = 0; i < count; i++) {
            text.append(random.nextBoolean() ? " and " : " is ").append(90 + random.nextInt(20));
        }
        return text.toString();
    }
}
