package dev.distill.hub;

import dev.distill.teacher.RetryAdvice;
import java.io.IOException;

/** A failure that the same request may not meet again: a cut connection, a busy server. */
final class PassingException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient RetryAdvice advice;

    PassingException(String message, RetryAdvice advice) {
        super(message);
        this.advice = advice;
    }

    /** What the server said about asking again. */
    RetryAdvice advice() {
        return advice;
    }
}
