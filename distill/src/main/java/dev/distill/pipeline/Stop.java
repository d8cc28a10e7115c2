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
}
