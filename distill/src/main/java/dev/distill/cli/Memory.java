package dev.distill.cli;

import dev.distill.train.Resident;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds, by the kernel's account. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Memory() {}

    /** The most that was resident at once, in MiB; 0 where the system does not say. */
    static long peakResidentMib() {
        return Resident.ofThisProcess().peakMib();
    }

    /** A line of the status in MiB, from its KiB. */
    private static long mib(String key) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }

    /**
     * The most that was resident and not a mapped file, such as weights that are used where they lie, while this was open. The
     * kernel keeps no such peak, so it is looked at every few milliseconds.
     */
    static final class AnonymousPeak implements AutoCloseable {
        private static final long INTERVAL_MILLIS = 10;

        private final Thread sampler =
                Thread.ofPlatform().daemon().name("distill-memory").unstarted(this::watch);
        private long peak;
        private volatile boolean closed;

        AnonymousPeak() {
            sampler.start();
        }

        private void watch() {
            while (!closed) {
                look();
                try {
                    Thread.sleep(INTERVAL_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private synchronized void look() {
            peak = Math.max(peak, Memory.mib("RssAnon:"));
        }

        /** In MiB, up to now; 0 where the system does not say. */
        synchronized long mib() {
            look();
            return peak;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
