package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>(100);

    /** The next one, which costs so much. */
    private String next(long cost) {
        List<FairQueue.Head<String>> heads = queue.heads(_ -> true);
        if (heads.isEmpty()) {
            return "";
        }
        assertThat(queue.take(heads.getFirst(), cost)).isTrue();
        return heads.getFirst().work();
    }

    private List<String> all(long cost) {
        List<String> all = new ArrayList<>();
        for (String next = next(cost); !next.isEmpty(); next = next(cost)) {
            all.add(next);
        }
        return all;
    }

    private static List<String> work(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).toList();
    }

    @Test
    void clientsTakeTurnsHoweverManyRequestsOneHas() {
        queue.offer("greedy", work("g", 4));
        queue.offer("a", List.of("a0"));
        queue.offer("b", List.of("b0"));
        queue.offer("a", List.of("a1"));
        assertThat(all(1)).containsExactly("g0", "a0", "b0", "g1", "a1", "g2", "g3");
    }

    /** Sixty-four answers to one request stand beside another's single one, not before it. */
    @Test
    void theRowsOfOneRequestAreNotTakenTogether() {
        queue.offer("many", work("m", 40));
        assertThat(next(10)).isEqualTo("m0");
        queue.offer("few", List.of("f0"));
        assertThat(List.of(next(10), next(10))).contains("f0");
    }

    @Test
    void whatCostsMoreWaitsLongerForItsNextTurn() {
        queue.offer("long", work("l", 2));
        queue.offer("short", work("s", 12));
        assertThat(next(10)).isEqualTo("l0");
        List<String> order = all(1);
        assertThat(order.indexOf("l1")).isEqualTo(10); // after ten of the other's
    }

    @Test
    void whatIsWrittenCountsWhenItIsWritten() {
        queue.offer("writer", work("w", 3));
        queue.offer("reader", work("r", 3));
        assertThat(next(1)).isEqualTo("w0");
        queue.charge("writer", 100);
        assertThat(all(1)).containsExactly("r0", "r1", "r2", "w1", "w2");
    }

    @Test
    void whoComesLateIsNotAheadForWhatItDidNotUse() {
        queue.offer("early", work("e", 6));
        assertThat(List.of(next(1), next(1), next(1))).containsExactly("e0", "e1", "e2");
        queue.offer("late", work("l", 3));
        assertThat(all(1)).containsExactly("e3", "l0", "e4", "l1", "e5", "l2");
    }

    /** One request after the other, each when the last one is answered: its queue is empty every time, and what it had counts all the same. */
    @Test
    void whatAClientHadIsRememberedWhileItsQueueIsEmpty() {
        queue.offer("patient", work("p", 30));
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            queue.offer("quick", List.of("q" + i));
            while (!order.contains("q" + i)) {
                String next = next(10);
                order.add(next);
                queue.charge(next.startsWith("q") ? "quick" : "patient", 10);
            }
        }
        assertThat(order.stream().filter(each -> each.startsWith("p")).count())
                .as("both have had about as much")
                .isBetween(8L, 11L);
    }

    @Test
    void afterAPauseNobodyPaysForWhatItHadAlone() {
        queue.offer("alone", List.of("a"));
        next(5_000);
        queue.offer("new", work("n", 3));
        queue.offer("alone", work("a", 3));
        assertThat(all(10)).containsExactly("a0", "n0", "a1", "n1", "a2", "n2");
    }

    @Test
    void clientsThatAreOfNoMatterAreForgotten() {
        for (int i = 0; i < 10_000; i++) {
            queue.offer("client " + i, List.of("w"));
            next(i % 7);
            queue.charge("client " + i, i % 5);
        }
        assertThat(queue.clients()).isLessThan(1100);
        queue.offer("constant", work("c", 90));
        for (int i = 0; i < 10_000; i++) {
            queue.charge("gone " + i, 1 + i);
        }
        assertThat(queue.clients()).as("some that have had most").isBetween(500, 1100);
    }

    @Test
    void aFullQueueRefusesAndAClientHasAsMuchAsIsLeftFree() {
        assertThat(queue.offer("greedy", work("g", 50))).isTrue();
        assertThat(queue.offer("greedy", List.of("g"))).as("more than half").isFalse();
        assertThat(queue.offer("second", work("s", 25))).isTrue();
        assertThat(queue.offer("second", List.of("s"))).as("more than is left").isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(queue.offer("modest " + i, List.of("m")))
                    .as("two greedy ones leave room")
                    .isTrue();
        }
        assertThat(queue.size()).isEqualTo(80);
        assertThat(queue.offer("large", work("l", 21))).as("all or nothing").isFalse();
        assertThat(queue.size()).isEqualTo(80);
    }

    @Test
    void whatIsNotReadyIsInNobodysWay() {
        queue.offer("a", List.of("held", "free"));
        queue.offer("b", List.of("held"));
        assertThat(queue.heads(work -> !work.equals("held"))).containsExactly(new FairQueue.Head<>("a", "free"));
    }

    @Test
    void whatIsTakenOutLeavesItsPlace() {
        assertThat(queue.offer("a", work("large", 160)))
                .as("alone it may be more")
                .isTrue();
        assertThat(queue.offer("b", List.of("small"))).isFalse();
        assertThat(queue.removeIf("a", each -> !each.equals("large0"))).isEqualTo(159);
        assertThat(queue.offer("b", List.of("small"))).isTrue();
        FairQueue.Head<String> head = queue.heads(_ -> true).getFirst();
        assertThat(queue.removeIf("a", "large0"::equals)).isEqualTo(1);
        assertThat(queue.take(head, 1)).as("gone meanwhile").isFalse();
        assertThat(queue.clear()).containsExactly("small");
        assertThat(queue.size()).isZero();
    }
}
