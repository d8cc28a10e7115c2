package dev.distill.eval.sandbox;

import org.jspecify.annotations.Nullable;

/** There is no sandbox here, or it broke: nothing that a program inside could have caused, and no finding about it. */
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SandboxException(String message) {
        super(message);
    }

    SandboxException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
