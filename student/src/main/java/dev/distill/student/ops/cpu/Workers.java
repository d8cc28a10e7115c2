package dev.distill.student.ops.cpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads, the caller among them, that work off numbered tasks. Which thread takes which task is left to chance: a thread
 * that the system holds up does not hold up the others. A task must therefore depend on its number only.
 */
final class Workers implements AutoCloseable {
    /** Work in tasks of one call. */
    interface Task {
        /** @param worker which thread runs it, from 0 to threads - 1: for scratch memory of its own */
        void run(int task, int worker);
    }

    /** Tasks with numbers of their own, to be worked off together with others. */
    interface Tasks extends Task {
        int count();
    }

    /** How long to look for work before sleeping: some 40 microseconds, more than lies between two kernels of a decoding step. */
    private static final int SPINS = 2_000;

    private final Thread[] threads;
    private volatile @Nullable Job current;
    private volatile boolean closed;

    Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("workers: needs at least one thread, got " + count);
        }
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] =
                    Thread.ofPlatform().daemon().name("distill-ops-" + worker).start(() -> serve(worker));
        }
    }

    /** Threads, the caller's included. */
    int count() {
        return threads.length + 1;
    }

    /** Runs all tasks and returns when the last has ended. The first exception that a task throws is thrown here. */
    void each(int tasks, Task task) {
        if (tasks <= 1 || threads.length == 0) {
            for (int i = 0; i < tasks; i++) {
                task.run(i, 0);
            }
            return;
        }
        Job job = new Job(tasks, task, Thread.currentThread());
        current = job;
        for (int i = 0; i < Math.min(threads.length, tasks - 1); i++) {
            LockSupport.unpark(threads[i]);
        }
        job.work(0);
        job.await();
        current = null;
        job.rethrow();
    }

    /** Runs all tasks of all these, as one job. */
    void each(List<? extends Tasks> sets) {
        each(sets.stream().mapToInt(Tasks::count).sum(), (task, worker) -> {
            int left = task;
            for (Tasks set : sets) {
                if (left < set.count()) {
                    set.run(left, worker);
                    return;
                }
                left -= set.count();
            }
        });
    }

    private void serve(int worker) {
        Job last = null;
        while (!closed) {
            Job job = next(last);
            if (job != null) {
                job.work(worker);
                last = job;
            }
        }
    }

    /** A job other than the last; null when woken for nothing. */
    private @Nullable Job next(@Nullable Job last) {
        for (int i = 0; i < SPINS; i++) {
            Job job = current;
            if (job != null && job != last) {
                return job;
            }
            Thread.onSpinWait();
        }
        LockSupport.park(this);
        Job job = current;
        return job == last ? null : job;
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    /** One call of {@link #each}. */
    private static final class Job {
        private final int tasks;
        private final Task task;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int tasks, Task task, Thread caller) {
            this.tasks = tasks;
            this.task = task;
            this.caller = caller;
        }

        void work(int worker) {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    task.run(i, worker);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
                if (done.incrementAndGet() == tasks) {
                    LockSupport.unpark(caller);
                }
            }
        }

        void await() {
            for (int i = 0; i < SPINS && done.get() < tasks; i++) {
                Thread.onSpinWait();
            }
            while (done.get() < tasks) {
                LockSupport.park(this);
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
