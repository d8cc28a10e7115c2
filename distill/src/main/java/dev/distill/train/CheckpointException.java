package dev.distill.train;

import org.jspecify.annotations.Nullable;

/** A checkpoint, or a line of the metrics, cannot be written, for want of room most likely; the message says what is saved and how to go on. */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
