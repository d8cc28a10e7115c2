package dev.distill.student.layer;

import java.lang.foreign.Arena;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What follows from weights alone, kept for passes between which these stay as they are: a layer asks for its own, and the first pass computes it.
 * Owns the memory of it.
 */
public final class Derived implements AutoCloseable {
    private final Map<Object, Object> made = new IdentityHashMap<>();
    private Arena arena = Arena.ofShared();

    /** What {@code make} gave this layer the first time. */
    @SuppressWarnings("unchecked") // a layer puts in what it takes out
    public <T> T of(Object layer, Function<Arena, T> make) {
        Object known = made.get(layer);
        if (known == null) {
            known = make.apply(arena);
            made.put(layer, known);
        }
        return (T) known;
    }

    /** The weights may have changed: what comes is computed again. */
    public void forget() {
        if (!made.isEmpty()) {
            made.clear();
            arena.close();
            arena = Arena.ofShared();
        }
    }

    @Override
    public void close() {
        made.clear();
        arena.close();
    }
}
