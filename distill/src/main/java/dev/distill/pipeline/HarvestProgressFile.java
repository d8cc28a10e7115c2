package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code progress.json}: how far a harvest is, for whoever looks on from another process. The ledger alone counts; this file is
 * moved into place whole but not synced, and a disk that does not take it does not stop the harvest.
 */
final class HarvestProgressFile implements HarvestListener, AutoCloseable {
    private static final long INTERVAL_NANOS = 500_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(HarvestProgressFile.class);

    private final Path file;
    private final HarvestListener caller;
    private long writtenAt = System.nanoTime() - INTERVAL_NANOS;
    private @Nullable HarvestProgress unwritten;
    private boolean failed;

    /** @param caller hears of all progress too */
    HarvestProgressFile(Path folder, HarvestListener caller) {
        this.file = folder.resolve("progress.json");
        this.caller = caller;
    }

    @Override
    public synchronized void progress(HarvestProgress progress) {
        caller.progress(progress);
        unwritten = progress;
        if (System.nanoTime() - writtenAt >= INTERVAL_NANOS) {
            write(progress);
        }
    }

    @Override
    public void told(String line) {
        caller.told(line);
    }

    private void write(HarvestProgress progress) {
        writtenAt = System.nanoTime();
        unwritten = null;
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, json(progress));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("{}: cannot be written, so the dashboard will not see the harvest ({})", file, e.toString());
            }
            failed = true;
        }
    }

    private static String json(HarvestProgress progress) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        progress.accepted().ifPresent(right -> json.put("accepted", right));
        return json.put("units", progress.units())
                        .put("completed", progress.completed())
                        .put("failed", progress.failed())
                        .put("retries", progress.retries())
                        .put("in_flight", progress.inFlight())
                        .put("bought_tokens", progress.boughtTokens())
                        .put("spent", progress.spent().amount().toPlainString())
                        .put("currency", progress.spent().currency())
                        .put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                        .toPrettyString()
                + "\n";
    }

    /** Writes what was not written yet. */
    @Override
    public synchronized void close() {
        if (unwritten != null) {
            write(unwritten);
        }
    }
}
