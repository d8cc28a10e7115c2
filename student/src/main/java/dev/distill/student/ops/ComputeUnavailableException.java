package dev.distill.student.ops;

/** This machine cannot multiply in the type that was asked for, or not faster than in FLOAT; the message says what it lacks. */
public final class ComputeUnavailableException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    public ComputeUnavailableException(String message) {
        super(message);
    }
}
