package dev.distill.data.work;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does the same to each of many things on all cores, and hands the results on in the order of the things. A few groups for each core are
 * under way at a time, so that memory holds these alone.
 */
public final class InOrder {
    /** Things that go to a core together. */
    private static final int GROUP = 8;

    /** Groups that wait for a core, or for those before them, for each core. */
    private static final int AHEAD = 4;

    private final int threads;

    public InOrder(int threads) {
        this.threads = threads;
    }

    /** What is done to each. */
    @FunctionalInterface
    public interface Work<T, R> {
        R of(T thing) throws IOException;
    }

    /** What takes the results, in the calling thread. */
    @FunctionalInterface
    public interface Sink<R> {
        void take(R result) throws IOException;
    }

    /**
     * Does it.
     *
     * @param work called by several threads
     * @throws RuntimeException what {@code work} has thrown, for the first thing of which it did
     * @throws InterruptedIOException if the calling thread is interrupted, which it then still is
     * @throws IOException what {@code work} or {@code sink} has thrown
     */
    public <T, R> void run(Iterator<T> things, Work<T, R> work, Sink<R> sink) throws IOException {
        try (ExecutorService cores = Executors.newFixedThreadPool(threads)) {
            try {
                Deque<Future<List<R>>> underWay = new ArrayDeque<>();
                while (things.hasNext()) {
                    List<T> group = new ArrayList<>();
                    while (group.size() < GROUP && things.hasNext()) {
                        group.add(things.next());
                    }
                    underWay.add(cores.submit(() -> all(group, work)));
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

    private static <T, R> List<R> all(List<T> group, Work<T, R> work) throws IOException {
        List<R> results = new ArrayList<>();
        for (T thing : group) {
            results.add(work.of(thing));
        }
        return results;
    }

    private static <R> void take(Future<List<R>> group, Sink<R> sink) throws IOException {
        try {
            for (R result : group.get()) {
                sink.take(result);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case IOException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
