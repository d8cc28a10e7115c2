package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WorkersTest {
    @Test
    void everyTaskRunsOnce() {
        try (Workers workers = new Workers(3)) {
            for (int round = 0; round < 2_000; round++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(round % 20);
                workers.each(runs.length(), (task, worker) -> runs.incrementAndGet(task));
                for (int task = 0; task < runs.length(); task++) {
                    assertThat(runs.get(task)).isEqualTo(1);
                }
            }
        }
    }

    /** Scratch memory hangs on this: two tasks at the same time never have the same worker number. */
    @Test
    void aWorkerRunsOneTaskAtATime() {
        try (Workers workers = new Workers(3)) {
            AtomicIntegerArray busy = new AtomicIntegerArray(3);
            workers.each(5_000, (task, worker) -> {
                assertThat(busy.incrementAndGet(worker)).isEqualTo(1);
                Thread.onSpinWait();
                busy.decrementAndGet(worker);
            });
        }
    }

    @Test
    void aFailureReachesTheCallerAndLeavesTheWorkersUsable() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.each(50, (task, worker) -> {
                        if (task == 17) {
                            throw new IllegalStateException("task 17");
                        }
                    }))
                    .hasMessage("task 17");
            AtomicIntegerArray runs = new AtomicIntegerArray(50);
            workers.each(50, (task, worker) -> runs.incrementAndGet(task));
            assertThat(runs.toString()).doesNotContain("0");
        }
    }

    @Test
    void atLeastOneThread() {
        assertThatThrownBy(() -> new Workers(0)).hasMessage("workers: needs at least one thread, got 0");
    }
}
