package dev.distill.data.store;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A sample store does not hold what was written. */
public final class DamagedStoreException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    DamagedStoreException(Path file, long at, String what) {
        super("sample store " + file + ": " + what + " at byte " + at + "; delete it, it is made again");
    }
}
