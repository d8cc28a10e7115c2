package dev.distill.teacher.pace;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The number of requests in flight, adapted to what the server bears: one more for every round of replies without a refusal,
 * three quarters after a refusal for too many (AIMD, as TCP does; Chiu and Jain 1989). Refusals of requests that were sent
 * before the last cut say nothing about the new limit and do not cut again.
 */
public final class Gate {
    private static final double CUT_TO = 0.75;

    private final int cap;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private double limit;
    private int inFlight;
    private long entered;
    private long enteredAtLastCut;
    private boolean closed;

    /** @param cap never more than this in flight, and so many at the start */
    public Gate(int cap) {
        this.cap = cap;
        this.limit = cap;
    }

    /**
     * Waits for a place.
     *
     * @return the number of this request, for {@link #leave}; -1 if the gate was closed while it waited
     */
    public long enter() {
        lock.lock();
        try {
            while (!closed && inFlight >= (int) limit) {
                freed.awaitUninterruptibly();
            }
            if (closed) {
                return -1;
            }
            inFlight++;
            return entered++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the place back.
     *
     * @param number what {@link #enter} returned
     * @param tooMany whether the server refused because of too many requests
     */
    public void leave(long number, boolean tooMany) {
        lock.lock();
        try {
            inFlight--;
            if (!tooMany) {
                limit = Math.min(cap, limit + 1 / limit);
            } else if (number >= enteredAtLastCut) {
                limit = Math.max(1, limit * CUT_TO);
                enteredAtLastCut = entered;
            }
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** The present limit. */
    public int limit() {
        lock.lock();
        try {
            return (int) limit;
        } finally {
            lock.unlock();
        }
    }
}
