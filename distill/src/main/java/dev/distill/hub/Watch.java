package dev.distill.hub;

import dev.distill.teacher.RetryAdvice;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Runs one exchange on a thread of its own and watches it from this one: the JDK's client waits without end for a body that
 * stalls, and hears of no wish to stop.
 */
final class Watch {
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Duration idle;
    private final BooleanSupplier stop;
    private volatile long heardAt = System.nanoTime();

    Watch(Duration idle, BooleanSupplier stop) {
        this.idle = idle;
        this.stop = stop;
    }

    /** Something came from the server. */
    void heard() {
        heardAt = System.nanoTime();
    }

    /**
     * Runs the exchange to its end.
     *
     * @throws PassingException if nothing comes for the idle time
     * @throws Hub.StoppedException if the wish to stop comes first
     */
    <T> T run(Callable<T> exchange) throws IOException {
        heard();
        FutureTask<T> task = new FutureTask<>(exchange);
        Thread thread = Thread.ofVirtual().name("hub exchange").start(task);
        try {
            while (true) {
                try {
                    return task.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    check(stop);
                    if (System.nanoTime() - heardAt > idle.toNanos()) {
                        throw new PassingException("no byte for " + idle.toSeconds() + " s", RetryAdvice.NONE);
                    }
                }
            }
        } catch (ExecutionException e) {
            throw thrown(e);
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            end(thread);
        }
    }

    /** The client closes its connection when its thread is interrupted; nothing is written after this returns. */
    private static void end(Thread thread) throws IOException {
        try {
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(GRACE);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IOException thrown(ExecutionException e) {
        return switch (e.getCause()) {
            case IOException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> new IOException("hub: an exchange failed", e.getCause());
        };
    }

    /** Waits, unless the wish to stop comes. */
    static void pause(Duration time, BooleanSupplier stop) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
                check(stop);
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TICK.toNanos()));
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static void check(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new Hub.StoppedException();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("hub: interrupted; the same command goes on with what is here");
    }
}
