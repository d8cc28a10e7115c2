package dev.distill.serve;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that computes: a token of every row of every model, over and over; asleep where there is nothing to do. Models take turns, for they
 * share processors, and adapters of one base its weights.
 */
final class DecodeLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DecodeLoop.class);

    /** Requests that may come while it sleeps, and it need wake up only once. */
    private final Semaphore work = new Semaphore(0);

    private final List<Lane> lanes;
    private final Thread thread;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    private enum State {
        OPEN,
        /** What is there is answered, nothing more is taken. */
        STOPPING,
        CLOSED,
        /** The thread has ended where it should not have. */
        FAILED
    }

    DecodeLoop(List<Lane> lanes) {
        this.lanes = List.copyOf(lanes);
        this.thread = Thread.ofPlatform().name("serve decoding").daemon().start(this::run);
    }

    /** Puts a job in its model's queue. @throws ApiError if too many wait, or the server is being stopped */
    void submit(Job job) throws ApiError {
        requireOpen();
        open.incrementAndGet();
        job.onOver(open::decrementAndGet);
        if (!job.order().lane().offer(job)) {
            open.decrementAndGet();
            throw ApiError.busy("too many requests wait, or too many of yours; try again later", 1);
        }
        wake();
        State now = state.get();
        if (now == State.CLOSED || now == State.FAILED) {
            job.fail(why(now)); // the thread may have ended before this one came
        }
    }

    /** @throws ApiError if nothing is taken */
    void requireOpen() throws ApiError {
        State now = state.get();
        if (now != State.OPEN) {
            throw why(now);
        }
    }

    private static ApiError why(State state) {
        return state == State.FAILED ? ApiError.failed() : ApiError.stopping();
    }

    /** Something may be to be done. */
    void wake() {
        work.release();
    }

    private void run() {
        try {
            while (state.get() != State.CLOSED) {
                boolean some = false;
                for (Lane lane : lanes) {
                    some |= step(lane);
                }
                if (!some) {
                    work.acquire(); // one for each job: none is missed
                    work.drainPermits();
                }
            }
        } catch (Throwable e) {
            LOG.error("serve: nothing can be answered any more; restart the server", e);
            state.compareAndSet(State.OPEN, State.FAILED);
            state.compareAndSet(State.STOPPING, State.FAILED);
        } finally {
            lanes.forEach(this::end);
        }
    }

    private void end(Lane lane) {
        try {
            lane.fail(why(state.get()));
            lane.close();
        } catch (RuntimeException | Error e) {
            LOG.error("serve: {} could not be ended", lane.name(), e);
        }
    }

    /** A model that fails fails its requests, and goes on with the next ones. */
    private static boolean step(Lane lane) {
        try {
            return lane.step();
        } catch (RuntimeException | Error e) {
            LOG.error("serve: {} failed while it answered", lane.name(), e);
            lane.fail(ApiError.internal());
            return true;
        }
    }

    /** Whether requests are taken. */
    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** In a word: ok, stopping or failed. */
    String state() {
        return switch (state.get()) {
            case OPEN -> "ok";
            case STOPPING, CLOSED -> "stopping";
            case FAILED -> "failed";
        };
    }

    /** Whether every request that was taken has been answered. */
    boolean isIdle() {
        return open.get() == 0;
    }

    /** Takes no more, waits so long for what is there, and cuts off the rest. */
    void stop(Duration grace) {
        state.compareAndSet(State.OPEN, State.STOPPING);
        long end = System.nanoTime() + grace.toNanos();
        try {
            while (!isIdle() && System.nanoTime() < end) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Waits for the token that is being computed. */
    @Override
    public void close() {
        state.updateAndGet(now -> now == State.FAILED ? now : State.CLOSED);
        lanes.forEach(Lane::hurry);
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
