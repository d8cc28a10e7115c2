package dev.distill.data.template;

import java.io.Serial;

/** A trace and a chat template do not make a sample that could be trained on honestly. */
public final class RenderException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** Training would see another text, or other ids, before the completion than inference will. */
        PARTS_FROM_INFERENCE,
        /** The reasoning or the answer holds a marker, or the end of the turn, as text. */
        MARKER_IN_TEXT,
        /** The template says nothing at the end of an assistant's turn, or leaves its content out. */
        NO_END_OF_TURN,
        /** The template ends the reasoning before the model can begin it. */
        REASONING_CLOSED
    }

    private final Reason reason;

    RenderException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
