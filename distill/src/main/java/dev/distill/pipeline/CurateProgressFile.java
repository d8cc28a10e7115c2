package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code progress.json}: how far a curation is, for whoever looks on from another process. It goes when the curation is done, and
 * stays as it was last where it was stopped. It is not synced, and a disk that does not take it does not stop the curation.
 */
final class CurateProgressFile implements AutoCloseable {
    static final String FILE = "progress.json";

    private static final long INTERVAL_NANOS = 500_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(CurateProgressFile.class);

    private final Path file;
    private final long traces;
    private final Instant begun = now();
    private long writtenAt = System.nanoTime() - INTERVAL_NANOS;
    private long lookedAt;
    private long decided;
    private boolean failed;
    private boolean done;

    /** @param traces how many there are */
    CurateProgressFile(Path folder, long traces) {
        this.file = folder.resolve(FILE);
        this.traces = traces;
        write();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** So many traces have been read for the first time. */
    void lookedAt(long count) {
        lookedAt = count;
        writeSometimes();
    }

    /** What becomes of so many more traces is known, and written. */
    void decided(long more) {
        decided += more;
        writeSometimes();
    }

    private void writeSometimes() {
        if (System.nanoTime() - writtenAt >= INTERVAL_NANOS) {
            write();
        }
    }

    private void write() {
        writtenAt = System.nanoTime();
        Path temporary = file.resolveSibling("." + FILE + ".tmp");
        try {
            Files.writeString(
                    temporary,
                    JSON.createObjectNode()
                                    .put("traces", traces)
                                    .put("looked_at", lookedAt)
                                    .put("decided", decided)
                                    .put("process", ProcessHandle.current().pid())
                                    .put("begun", begun.toString())
                                    .put("at", now().toString())
                                    .toPrettyString()
                            + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            warn("cannot be written, so the dashboard will not see how far the curation is", e);
        }
    }

    private void warn(String what, IOException e) {
        if (!failed) {
            LOG.warn("{}: {} ({})", file, what, e.toString());
        }
        failed = true;
    }

    /** The curation has come to its end: there is no more progress. */
    void done() {
        done = true;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            warn("cannot be deleted", e);
        }
    }

    /** Writes how far it came, unless it is done. */
    @Override
    public void close() {
        if (!done) {
            write();
        }
    }
}
