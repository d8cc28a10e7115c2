package dev.distill.pipeline;

import dev.distill.data.trace.Prompt;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestProgress;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code progress.json}, {@code history.jsonl} and {@code failed.jsonl}: how far a harvest is, how it came there, and what has
 * failed, for whoever looks on from another process. The ledger alone counts; these files are not synced, and a disk that does not
 * take them does not stop the harvest.
 */
final class HarvestProgressFile implements HarvestListener, AutoCloseable {
    private static final long INTERVAL_NANOS = 500_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(HarvestProgressFile.class);

    private final Path file;
    private final HarvestHistory history;
    private final FailedUnitsFile failedUnits;
    private final HarvestListener caller;
    private long writtenAt = System.nanoTime() - INTERVAL_NANOS;
    private @Nullable HarvestProgress newest;
    private boolean failed;

    /** @param caller hears of all progress too */
    HarvestProgressFile(Path folder, HarvestListener caller) {
        this.file = folder.resolve("progress.json");
        this.history = new HarvestHistory(folder, System.nanoTime());
        this.failedUnits = new FailedUnitsFile(folder);
        this.caller = caller;
    }

    @Override
    public synchronized void progress(HarvestProgress progress) {
        caller.progress(progress);
        newest = progress;
        long now = System.nanoTime();
        if (now - writtenAt >= INTERVAL_NANOS) {
            write(progress, now, false);
        }
    }

    @Override
    public void completed(Prompt prompt) {
        caller.completed(prompt);
    }

    @Override
    public synchronized void failed(LedgerAccount.Failed unit, Prompt prompt) {
        caller.failed(unit, prompt);
        failedUnits.put(unit, prompt);
    }

    @Override
    public synchronized void recovered(String unit) {
        caller.recovered(unit);
        failedUnits.remove(unit);
    }

    @Override
    public void told(String line) {
        caller.told(line);
    }

    private void write(HarvestProgress progress, long now, boolean last) {
        writtenAt = now;
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, HarvestFigures.now(progress).toPrettyString() + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            failedUnits.write();
            history.add(progress, now, last);
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("{}: cannot be written, so the dashboard will not see the harvest ({})", file, e.toString());
            }
            failed = true;
        }
    }

    /** Writes how it ended. */
    @Override
    public synchronized void close() {
        if (newest != null) {
            write(newest, System.nanoTime(), true);
        }
    }
}
