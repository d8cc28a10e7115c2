package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import org.jspecify.annotations.Nullable;

/** Puts one reply together from its events. For one reply and one thread. */
public final class ReplyReader {
    private final ReplyParts parts;
    private final EventReader events;

    ReplyReader(ReplyParts parts, EventReader events) {
        this.parts = parts;
        this.events = events;
    }

    /**
     * Takes one event; what comes after the end is passed over.
     *
     * @param event the event's name; null where it has none
     * @param data its data
     */
    public void accept(@Nullable String event, String data) {
        if (parts.isOver() || data.isEmpty()) {
            return;
        }
        if (data.equals("[DONE]")) {
            parts.done();
            return;
        }
        JsonNode node = parts.event(event, data);
        if (node == null) {
            return;
        }
        events.take(node);
        parts.taken();
    }

    /** What has arrived so far. */
    public Received received() {
        return parts.received();
    }

    /** Whether it may be waiting for its turn, or thinking unseen: then it may well be silent for long. */
    public boolean mayBeSilent() {
        return parts.mayBeSilent();
    }

    /** Whether nothing that is still to come can change the outcome. */
    public boolean isOver() {
        return parts.isOver();
    }

    /** Whether the provider has said why the reply ended: a connection that breaks after that has lost nothing. */
    public boolean isFinished() {
        return parts.isFinished();
    }

    /** How the exchange ended, now that the body has ended in order. */
    public Outcome outcome() {
        return parts.outcome();
    }
}
