package dev.distill.teacher.pace;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The number of requests in flight, adapted to what the server bears. Replies take minutes, so it goes by their beginnings: one more for each that begins
 * in time, which doubles the number with every round, until the server first gives way; from then on one more for each round (AIMD, as TCP does; Chiu
 * and Jain 1989). It is halved where the server refuses for too many, and where replies begin late: they wait in a queue, and more requests would only
 * make that longer. What was sent before the last cut says nothing about the new limit and does not cut again.
 */
public final class Gate {
    /** At the start. */
    private static final int FIRST = 32;

    private static final double CUT_TO = 0.5;

    /** Late is what takes so many times as long as the quickest beginning ... */
    private static final int LATE = 4;

    /** ... and so much longer. */
    private static final long SLACK = Duration.ofSeconds(2).toNanos();

    /** Fewer beginnings than these tell nothing. */
    private static final int LEAST = 16;

    private final int cap;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private double limit;
    private boolean cutOnce;
    private int inFlight;
    private long entered;
    private long enteredAtLastCut;
    private long quickest = Long.MAX_VALUE;
    private int begun;
    private int late;
    private boolean closed;

    /** @param cap never more than this in flight */
    public Gate(int cap) {
        this.cap = cap;
        this.limit = Math.min(cap, FIRST);
    }

    /**
     * Waits for a place.
     *
     * @return the number of this request, for the other methods; -1 if the gate was closed while it waited
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
     * The reply of a request has begun.
     *
     * @param waited since it was sent
     */
    public void begun(long number, Duration waited) {
        lock.lock();
        try {
            quickest = Math.min(quickest, waited.toNanos());
            boolean isLate = waited.toNanos() > Math.max(LATE * quickest, quickest + SLACK);
            if (!isLate && inFlight > limit / 2) { // a limit that nobody needs is not tried out
                limit = Math.min(cap, limit + (cutOnce ? 1 / limit : 1));
                freed.signal(); // one place at most
            }
            if (number >= enteredAtLastCut) {
                count(isLate);
            }
        } finally {
            lock.unlock();
        }
    }

    private void count(boolean isLate) {
        begun++;
        late += isLate ? 1 : 0;
        if (begun < Math.max(LEAST, limit / 4)) {
            return;
        }
        if (2 * late > begun) {
            cut();
        }
        begun = 0;
        late = 0;
    }

    private void cut() {
        limit = Math.max(1, limit * CUT_TO);
        cutOnce = true;
        enteredAtLastCut = entered;
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
            if (tooMany && number >= enteredAtLastCut) {
                cut();
            }
            freed.signal(); // one place: of thousands that wait, all but one would wake in vain
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
