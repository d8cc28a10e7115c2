package dev.distill.data.shard;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of a shard folder that cannot be read or must not be written: which file, what is wrong, and the cure. */
public final class ShardException extends RuntimeException {
    private final transient Path file;

    ShardException(Path file, String problem, String cure, @Nullable Throwable cause) {
        super("shard " + file + ": " + problem + "; " + cure, cause);
        this.file = file;
    }

    ShardException(Path file, String problem, String cure) {
        this(file, problem, cure, null);
    }

    private ShardException(Path file, String message) {
        super(message);
        this.file = file;
    }

    /** What was found in another process, in its words. */
    public static ShardException told(Path file, String message) {
        return new ShardException(file, message);
    }

    public Path file() {
        return file;
    }
}
