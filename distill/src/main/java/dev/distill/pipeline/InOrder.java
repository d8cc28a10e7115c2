package dev.distill.pipeline;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Does the same to each of many things on all cores, and hands the results on in the order of the things. A few groups for each core are
 * under way at a time, so that memory holds these alone.
 */
final class InOrder {
    /** Things that go to a core together. */
    private static final int GROUP = 8;

    /** Groups that wait for a core, or for those before them, for each core. */
    private static final int AHEAD = 4;

    private final int threads;

    InOrder(int threads) {
        this.threads = threads;
    }

    /** What takes the results, in the calling thread. */
    @FunctionalInterface
    interface Sink<R> {
        void take(R result) throws IOException;
    }

    /**
     * Does it.
     *
     * @param work called by several threads
     * @throws RuntimeException what {@code work} has thrown, for the first thing of which it did
     */
    <T, R> void run(Iterator<T> things, Function<T, R> work, Sink<R> sink) throws IOException {
        try (ExecutorService cores = Executors.newFixedThreadPool(threads)) {
            try {
                Deque<Future<List<R>>> underWay = new ArrayDeque<>();
                while (things.hasNext()) {
                    List<T> group = new ArrayList<>();
                    while (group.size() < GROUP && things.hasNext()) {
                        group.add(things.next());
                    }
                    underWay.add(cores.submit(() -> group.stream().map(work).toList()));
                    if (underWay.size() > AHEAD * threads) {
                        take(underWay.remove(), sink);
                    }
                }
                while (!underWay.isEmpty()) {
                    take(underWay.remove(), sink);
                }
            } finally {
                cores.shutdownNow();
            }
        }
    }

    private static <R> void take(Future<List<R>> group, Sink<R> sink) throws IOException {
        try {
            for (R result : group.get()) {
                sink.take(result);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stop.StoppedException(
                    "train: interrupted while traces were tokenised; the same command does it again");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("train: traces could not be tokenised: " + e.getCause(), e);
        }
    }
}
