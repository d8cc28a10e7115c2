package dev.distill.cli;

import dev.distill.hub.HubId;
import dev.distill.hub.HubListener;
import org.jspecify.annotations.Nullable;

/** Progress of a fetch from the hub, in megabytes. */
final class FetchProgress implements HubListener, AutoCloseable {
    private static final long MEGABYTE = 1_000_000;

    private final Console console;
    private @Nullable Progress progress;

    FetchProgress(Console console) {
        this.console = console;
    }

    @Override
    public synchronized void begin(HubId id, long bytes, long done) {
        Progress begun = console.progress("fetch " + id + " (MB)", megabytes(bytes));
        begun.startAt(megabytes(done));
        progress = begun;
    }

    @Override
    public synchronized void fetched(String file, long done) {
        @Nullable Progress begun = progress;
        if (begun != null) {
            begun.update(megabytes(done), file);
        }
    }

    @Override
    public synchronized void waiting(String file) {
        console.info("another process fetches " + file + "; waiting for it");
    }

    /** The fetch is over, or given up. */
    @Override
    public synchronized void close() {
        if (progress != null) {
            progress.close();
        }
    }

    private static long megabytes(long bytes) {
        return Math.ceilDiv(bytes, MEGABYTE);
    }
}
