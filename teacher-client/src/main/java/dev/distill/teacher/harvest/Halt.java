package dev.distill.teacher.harvest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a run is to end before its work is done, and why. From any thread. */
final class Halt {
    private static final Logger LOG = LoggerFactory.getLogger(Halt.class);

    private final CountDownLatch called = new CountDownLatch(1);
    private final AtomicReference<@Nullable Ending> why = new AtomicReference<>();
    private final Runnable then;
    private volatile long interruptedAt;
    private volatile boolean interrupted;

    /** @param then ends what others wait for; done at each call */
    Halt(Runnable then) {
        this.then = then;
    }

    /** The first reason counts. */
    void call(Ending ending) {
        if (why.compareAndSet(null, ending)) {
            LOG.info("stopping: {}", ending);
        }
        if (ending instanceof Ending.Interrupted && !interrupted) {
            interruptedAt = System.nanoTime();
            interrupted = true;
        }
        called.countDown();
        then.run();
    }

    boolean isCalled() {
        return called.getCount() == 0;
    }

    /** Null while nobody has called. */
    @Nullable
    Ending why() {
        return why.get();
    }

    /** Whether somebody wants what is on its way cut off after a time of grace, whatever has stopped the run first. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Since then; meaningless before. */
    Duration sinceInterrupt() {
        return Duration.ofNanos(System.nanoTime() - interruptedAt);
    }

    /** Waits; false if the run is to end, or the thread was interrupted, meanwhile. An interrupt stays set. */
    boolean pause(Duration time) {
        try {
            return !called.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
