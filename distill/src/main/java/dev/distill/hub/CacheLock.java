package dev.distill.hub;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The lock of one blob of the cache: who holds it fetches, the others wait. It is the lock that Python's {@code filelock}
 * takes, so that programs in both languages fetch a model once: flock(2) on a file that stays, empty, when it is released.
 * A killed owner holds nothing.
 */
final class CacheLock implements Closeable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Flock lock;

    private CacheLock(Flock lock) {
        this.lock = lock;
    }

    /**
     * Waits for the lock and takes it.
     *
     * @param file whose folder exists
     * @param waiting called once, if somebody else has it
     * @throws Hub.StoppedException if {@code stop} says so before the lock is free
     */
    static CacheLock take(Path file, Runnable waiting, BooleanSupplier stop) throws IOException {
        boolean told = false;
        while (true) {
            Flock lock = Flock.open(existing(file));
            try {
                if (lock.tryTake() && lock.isStillNamed()) {
                    return new CacheLock(lock);
                }
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
            lock.close();
            if (!told) {
                told = true;
                waiting.run();
            }
            Watch.pause(LOOK_AGAIN, stop);
        }
    }

    private static Path existing(Path file) throws IOException {
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
        return file;
    }

    @Override
    public void close() {
        lock.close();
    }
}
