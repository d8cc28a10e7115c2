package dev.distill.dashboard;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the dashboard is being closed: those who serve a browser for long wait on it. */
final class Closing {
    private final CountDownLatch closed = new CountDownLatch(1);

    void close() {
        closed.countDown();
    }

    /** Waits so long, or until it is closed; whether to go on. */
    boolean goOnAfter(long millis) {
        try {
            return !closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
