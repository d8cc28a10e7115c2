package dev.distill.teacher.harvest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does something again and again, until it is closed; not after. */
final class Pulse implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    private Pulse(Duration pause, Runnable beat) {
        thread = Thread.ofVirtual().name("harvest pulse").start(() -> {
            while (!isOver(pause)) {
                beat.run();
            }
        });
    }

    static Pulse every(Duration pause, Runnable beat) {
        return new Pulse(pause, beat);
    }

    private boolean isOver(Duration pause) {
        try {
            return over.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Override
    public void close() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends by itself
        }
    }
}
