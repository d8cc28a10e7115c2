package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code progress.json}: how far a stage is, for whoever looks on from another process. It goes when the stage is done, and stays
 * as it was last where it was stopped. It is not synced, and a disk that does not take it does not stop the stage.
 *
 * <p>Beside the stage's own figures it has {@code process}, and {@code begun} and {@code at}, the times of the start and of this
 * writing. Safe for use by several threads; the figures are asked for under its lock.
 */
final class ProgressFile implements AutoCloseable {
    static final String NAME = "progress.json";

    private static final long INTERVAL_NANOS = 500_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFile.class);

    private final Path file;
    private final String stage;
    private final Supplier<ObjectNode> figures;
    private final Instant begun = now();
    private long writtenAt;
    private boolean failed;
    private boolean done;

    /**
     * Writes it for the first time.
     *
     * @param folder of the stage
     * @param stage as a person says it, "curation"
     * @param figures a new object each time, with the figures of that moment
     */
    ProgressFile(Path folder, String stage, Supplier<ObjectNode> figures) {
        this.file = folder.resolve(NAME);
        this.stage = stage;
        this.figures = figures;
        write();
    }

    /** An object for figures. */
    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** The figures have changed: they are written if the last time is half a second ago. */
    synchronized void changed() {
        if (System.nanoTime() - writtenAt >= INTERVAL_NANOS) {
            write();
        }
    }

    private void write() {
        writtenAt = System.nanoTime();
        ObjectNode all = figures.get()
                .put("process", ProcessHandle.current().pid())
                .put("begun", begun.toString())
                .put("at", now().toString());
        Path temporary = file.resolveSibling("." + NAME + ".tmp");
        try {
            Files.writeString(temporary, all.toPrettyString() + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            warn("cannot be written, so the dashboard will not see how far the " + stage + " is", e);
        }
    }

    private void warn(String what, IOException e) {
        if (!failed) {
            LOG.warn("{}: {} ({})", file, what, e.toString());
        }
        failed = true;
    }

    /** The stage has come to its end: there is no more progress. */
    synchronized void done() {
        done = true;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            warn("cannot be deleted", e);
        }
    }

    /** Writes how far it came, unless it is done. */
    @Override
    public synchronized void close() {
        if (!done) {
            write();
        }
    }
}
