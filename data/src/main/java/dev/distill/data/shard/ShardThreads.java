package dev.distill.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that encode and decode row groups. Each lives as long as its group, a tenth of a second or so. */
final class ShardThreads {
    /** Row groups of one file that are worked on at once. Each holds some tens of megabytes, so that more processors are not used. */
    static final int COUNT = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);

    private static final ExecutorService THREADS = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("distill-shard-", 0).factory());

    private ShardThreads() {}

    static <R> Future<R> start(Callable<R> work) {
        return THREADS.submit(work);
    }

    /** Nobody waits for it any more: what comes of it is closed when it is there, and what fails is not told. */
    static void drop(Future<? extends Closeable> work) {
        Future<?> ignored = start(() -> {
            result(work).close();
            return true;
        });
    }

    /** Waits until it has ended, also when interrupted; what failed there is not told. */
    static void await(Future<?> work) {
        boolean interrupted = false;
        while (!work.isDone()) {
            try {
                Object ignored = work.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for it; what failed there fails here. */
    static <R> R result(Future<R> work) throws IOException {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException("interrupted while a row group was on its way");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                case null, default -> throw new IOException(e);
            }
        }
    }
}
