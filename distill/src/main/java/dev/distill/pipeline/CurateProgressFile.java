package dev.distill.pipeline;

import java.nio.file.Path;

/** How far a curation is, in its {@link ProgressFile}. Used by one thread. */
final class CurateProgressFile implements AutoCloseable {
    static final String FILE = ProgressFile.NAME;

    private final ProgressFile file;
    private long lookedAt;
    private long decided;

    /** @param traces how many there are */
    CurateProgressFile(Path folder, long traces) {
        this.file = new ProgressFile(
                folder,
                "curation",
                () -> ProgressFile.object()
                        .put("traces", traces)
                        .put("looked_at", lookedAt)
                        .put("decided", decided));
    }

    /** So many traces have been read for the first time. */
    void lookedAt(long count) {
        lookedAt = count;
        file.changed();
    }

    /** What becomes of so many more traces is known, and written. */
    void decided(long more) {
        decided += more;
        file.changed();
    }

    /** The curation has come to its end: there is no more progress. */
    void done() {
        file.done();
    }

    /** Writes how far it came, unless it is done. */
    @Override
    public void close() {
        file.close();
    }
}
