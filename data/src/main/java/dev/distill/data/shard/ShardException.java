package dev.distill.data.shard;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of a shard folder that cannot be read or must not be written: which file, what is wrong, and the cure. */
public final class ShardException extends RuntimeException {
    /** Whose fault it is, for a program that may try again. */
    public enum Fault {
        /** The file's, or that of those beside it: it will be found again at every try. */
        DATA,
        /** Of the machine that reads: its memory, its file system, its libraries. Another try, or another machine, may succeed. */
        MACHINE
    }

    private final Fault fault;
    private final transient Path file;

    ShardException(Fault fault, Path file, String problem, String cure, @Nullable Throwable cause) {
        super("shard " + file + ": " + problem + "; " + cure, cause);
        this.fault = fault;
        this.file = file;
    }

    ShardException(Path file, String problem, String cure, @Nullable Throwable cause) {
        this(Fault.DATA, file, problem, cure, cause);
    }

    ShardException(Path file, String problem, String cure) {
        this(file, problem, cure, null);
    }

    private ShardException(Path file, String message) {
        super(message);
        this.fault = Fault.DATA;
        this.file = file;
    }

    /** What is wrong with the data, as another process found and said it. */
    public static ShardException told(Path file, String message) {
        return new ShardException(file, message);
    }

    public Fault fault() {
        return fault;
    }

    public Path file() {
        return file;
    }
}
