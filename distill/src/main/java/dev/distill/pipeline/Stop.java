package dev.distill.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The user's wish to stop at the next safe point: asked by loops, and told to those who wait. Safe for several threads. */
public final class Stop implements BooleanSupplier {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;

    /** Calls this once when the wish comes; at once if it has come already. */
    public void onStop(Runnable listener) {
        synchronized (this) {
            if (!requested) {
                listeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    /**
     * A safe point of work that has no end of its own to come to.
     *
     * @param saved what is saved and how to go on, for a person
     * @throws StoppedException if the wish has come
     */
    public void check(String saved) {
        if (getAsBoolean()) {
            throw new StoppedException(saved);
        }
    }

    public void request() {
        List<Runnable> told;
        synchronized (this) {
            requested = true;
            told = List.copyOf(listeners);
            listeners.clear();
        }
        told.forEach(Runnable::run);
    }

    @Override
    public synchronized boolean getAsBoolean() {
        return requested;
    }

    /** Work that was asked to stop and did. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException(String saved) {
            super(saved);
        }
    }
}
