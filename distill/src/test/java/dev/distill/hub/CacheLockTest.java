package dev.distill.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One holder at a time: of our threads, and of other programs that use flock(2), as Python's filelock does. */
class CacheLockTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("etag.lock");
    }

    private static boolean never() {
        return false;
    }

    @Test
    void aSecondThreadWaitsForTheFirst() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Boolean> second;
        try (CacheLock _ = CacheLock.take(file, () -> {}, CacheLockTest::never)) {
            second = CompletableFuture.supplyAsync(() -> {
                try (CacheLock _ = CacheLock.take(file, waiting::countDown, CacheLockTest::never)) {
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(second).isNotDone();
        }
        assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(file).isEmptyFile();
    }

    @Test
    void whoWaitsCanBeStopped() throws IOException {
        boolean[] stop = new boolean[1];
        try (CacheLock _ = CacheLock.take(file, () -> {}, CacheLockTest::never)) {
            assertThatThrownBy(() -> CacheLock.take(file, () -> stop[0] = true, () -> stop[0]))
                    .isInstanceOf(Hub.StoppedException.class);
        }
    }

    @Test
    void otherProgramsSeeOurs() throws Exception {
        try (CacheLock _ = CacheLock.take(file, () -> {}, CacheLockTest::never)) {
            assertThat(flock("--nonblock", file.toString(), "true").waitFor()).isEqualTo(1);
        }
        assertThat(flock("--nonblock", file.toString(), "true").waitFor()).isZero();
    }

    @Test
    void weSeeThoseOfOtherPrograms() throws Exception {
        Path held = folder.resolve("held");
        Process other = flock("--close", file.toString(), "sh", "-c", "touch " + held + "; exec sleep 60");
        while (!Files.exists(held)) {
            Thread.sleep(5);
        }
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
            try {
                waiting.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            other.descendants().forEach(ProcessHandle::destroyForcibly);
            other.destroyForcibly(); // a killed owner holds nothing
        });
        try (CacheLock _ = CacheLock.take(file, waiting::countDown, CacheLockTest::never)) {
            assertThat(waiting.getCount()).isZero();
        }
        end.get();
    }

    @Test
    void aLockOnAFileThatWasRemovedCountsForNothing() throws IOException {
        Files.createFile(file);
        try (Flock lock = Flock.open(file)) {
            assertThat(lock.isStillNamed()).isTrue();
            Files.delete(file);
            assertThat(lock.tryTake()).isTrue();
            assertThat(lock.isStillNamed()).isFalse();
        }
    }

    private static Process flock(String... words) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "there is no /usr/bin/flock to compare with");
        String[] command = new String[words.length + 1];
        command[0] = "/usr/bin/flock";
        System.arraycopy(words, 0, command, 1, words.length);
        return new ProcessBuilder(command).inheritIO().start();
    }
}
