package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.pay.Budget;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch on its way: its units, and the money that is set aside for each. */
final class SentBatch {
    private final String name;
    private final Instant begunAt;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private @Nullable String id;
    private boolean asked;
    private int size;
    private volatile long done;

    /**
     * One unit of it.
     *
     * @param unit null where this harvest does not ask for it any more
     * @param onAgenda whether the agenda waits for its end
     * @param atMost what it may cost
     */
    record Part(@Nullable Unit unit, boolean onAgenda, Money atMost, Budget.Reservation reserved) {}

    SentBatch(String name, Instant begunAt) {
        this.name = name;
        this.begunAt = begunAt;
    }

    void add(String unitId, Part part) {
        parts.put(unitId, part);
        size++;
    }

    /** Units that were put into it. */
    int size() {
        return size;
    }

    /** Ours, which the provider keeps with it. */
    String name() {
        return name;
    }

    Instant begunAt() {
        return begunAt;
    }

    /** The provider's name for it. */
    void known(String providers) {
        id = providers;
    }

    boolean isKnown() {
        return id != null;
    }

    String id() {
        if (id == null) {
            throw new IllegalStateException("batch " + name + ": the provider has not named it yet");
        }
        return id;
    }

    /** Whether the provider was asked to make it. */
    boolean isAsked() {
        return asked;
    }

    void asked() {
        asked = true;
    }

    void progressed(long requestsDone) {
        done = requestsDone;
    }

    /** Requests that have no reply yet, as far as is known. */
    int waiting() {
        return (int) Math.max(0, parts.size() - done);
    }

    /** A unit of it, taken out: what came of it is known. Null where it has none of that name, or no longer. */
    @Nullable
    Part take(String unitId) {
        return parts.remove(unitId);
    }

    /** Units of which nothing has come. */
    Map<String, Part> rest() {
        return Map.copyOf(parts);
    }
}
