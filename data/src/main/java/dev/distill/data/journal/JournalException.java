package dev.distill.data.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A journal, or a locked file, that cannot be used: which file, what is wrong, and the cure. */
public final class JournalException extends RuntimeException {
    /** What is wrong, for a program that must tell. */
    public enum Kind {
        /** Another process, or another place in this one, holds the file. */
        LOCKED,
        /** The file is no journal, or one that a newer version wrote. */
        FORMAT,
        /** Bytes that had been synced have changed. */
        DAMAGED,
        /** A write or a sync failed; the journal takes no more records. */
        FAILED,
        /** The journal is closed. */
        CLOSED
    }

    private final Kind kind;
    private final transient Path file;

    JournalException(Kind kind, Path file, String problem, @Nullable Throwable cause) {
        super((kind == Kind.LOCKED ? "" : "journal ") + file + ": " + problem, cause);
        this.kind = kind;
        this.file = file;
    }

    JournalException(Kind kind, Path file, String problem) {
        this(kind, file, problem, null);
    }

    public Kind kind() {
        return kind;
    }

    public Path file() {
        return file;
    }
}
