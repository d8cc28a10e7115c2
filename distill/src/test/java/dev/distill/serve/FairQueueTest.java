package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>(100);

    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (String next = queue.poll(); next != null; next = queue.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void clientsTakeTurnsHoweverManyRequestsOneHas() {
        for (int i = 0; i < 4; i++) {
            queue.offer("greedy", 1, "g" + i);
        }
        queue.offer("a", 1, "a0");
        queue.offer("b", 1, "b0");
        queue.offer("a", 1, "a1");
        assertThat(all()).containsExactly("g0", "a0", "b0", "g1", "a1", "g2", "g3");
    }

    @Test
    void whatCostsMoreWaitsLongerForItsNextTurn() {
        queue.offer("many", 10, "m0");
        queue.offer("many", 1, "m1");
        for (int i = 0; i < 12; i++) {
            queue.offer("few", 1, "f" + i);
        }
        List<String> order = all();
        assertThat(order.indexOf("m1")).isEqualTo(11); // after ten of the other's
    }

    @Test
    void whoComesLateIsNotAheadForWhatItDidNotUse() {
        for (int i = 0; i < 6; i++) {
            queue.offer("early", 1, "e" + i);
        }
        assertThat(List.of(next(), next(), next())).containsExactly("e0", "e1", "e2");
        queue.offer("late", 1, "l0");
        queue.offer("late", 1, "l1");
        queue.offer("late", 1, "l2");
        assertThat(all()).containsExactly("l0", "e3", "l1", "e4", "l2", "e5");
    }

    private String next() {
        String next = queue.poll();
        return next == null ? "" : next;
    }

    @Test
    void aFullQueueRefusesAndOneClientHasHalfOfItAtMost() {
        for (int i = 0; i < 50; i++) {
            assertThat(queue.offer("greedy", 1, "g")).isTrue();
        }
        assertThat(queue.offer("greedy", 1, "g")).as("more than half").isFalse();
        assertThat(queue.offer("other", 50, "o")).isTrue();
        assertThat(queue.offer("third", 1, "t")).as("full").isFalse();
        assertThat(queue.size()).isEqualTo(100);
        assertThat(queue.poll()).isNotNull();
        assertThat(queue.offer("third", 1, "t")).isTrue();
    }

    @Test
    void whatIsTakenOutLeavesItsPlace() {
        queue.offer("a", 60, "large"); // alone it may be more than half
        queue.offer("b", 1, "small");
        assertThat(queue.remove("a", "large")).isTrue();
        assertThat(queue.remove("a", "large")).isFalse();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(all()).containsExactly("small");
    }
}
