package dev.distill.data.tokenize;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A tokenizer cannot be opened or used. The message names the file, what is wrong with it, and what to do. */
public final class TokenizerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What is at fault. */
    public enum Fault {
        /** The file: missing, not JSON, or not a tokenizer. */
        FILE,
        /** This machine: the native code of the tokenizers library does not load. */
        NATIVE_CODE,
        /** A tokenizer of a kind that was not asked for: another implementation may run it. */
        UNSUPPORTED,
        /** The text or ids that were given. */
        INPUT
    }

    private final Fault fault;

    TokenizerException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
