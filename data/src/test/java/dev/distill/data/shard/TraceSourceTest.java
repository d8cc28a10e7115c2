package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are decoded while they are hashed: no thread goes on with one that is not read after all. */
class TraceSourceTest {
    /** So many that a thread which nobody reads from waits with the rest of its row group. */
    private static final int ROWS = 25_000;

    private static final ShardSize ONE_GROUP = new ShardSize(1L << 30, 1 << 30);
    private static final long WAIT_MS = 20_000;

    @TempDir
    static Path folder;

    private final Set<Thread> before = threads();

    @BeforeAll
    static void write() throws IOException {
        try (TraceWriter writer = TraceWriter.create(Storage.local(), folder, ONE_GROUP)) {
            for (Trace trace : RandomTraces.list(3, ROWS, 10)) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
    }

    private static TraceSource source() throws IOException {
        return TraceSource.of(folder, Manifest.read(folder)).getFirst();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("distill-shard-"))
                .collect(Collectors.toSet());
    }

    private void assertNoThreadStays() throws InterruptedException {
        long until = System.nanoTime() + WAIT_MS * 1_000_000;
        Set<Thread> left;
        do {
            left = new HashSet<>(threads());
            left.removeAll(before);
            Thread.sleep(20);
        } while (!left.isEmpty() && System.nanoTime() < until);
        assertThat(left).as("threads that still decode").isEmpty();
    }

    @Test
    void whereTheHashCannotBeTaken() throws Exception {
        assertThatThrownBy(() -> source().openFirst(file -> {
                    throw new IOException("Stale file handle");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("Stale file handle");
        assertNoThreadStays();
    }

    @Test
    void whereTheHashIsAnother() throws Exception {
        assertThatThrownBy(() -> source().openFirst(file -> "0".repeat(64)))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("has sha256 0000");
        assertNoThreadStays();
    }

    @Test
    void whereTheReaderIsInterruptedBeforeTheFirstTrace() throws Exception {
        try (TraceReader reader = TraceReader.open(folder)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(reader::hasNext)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertNoThreadStays();
    }

    @Test
    void whereTheReaderIsClosedBehindTheFirstTrace() throws Exception {
        try (TraceReader reader = TraceReader.open(folder)) {
            assertThat(reader.hasNext()).isTrue();
        }
        assertNoThreadStays();
    }
}
