package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full shard is synced while the next is written; it has its name, and the folder its manifest, only after that. */
class ShardOverlapTest {
    private static final ShardSize SIZE = new ShardSize(6_000, 3_000);
    private static final List<Trace> TRACES = RandomTraces.list(22, 16, 300);
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    private void write(Storage storage) throws IOException {
        try (TraceWriter writer = TraceWriter.create(storage, folder, SIZE)) {
            for (Trace trace : TRACES) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
    }

    @Test
    void theNextShardBeginsBeforeTheSyncEnds() throws IOException {
        SlowSync storage = new SlowSync(false);
        write(storage);
        assertThat(storage.nextBegan).isTrue();
        assertThat(storage.named).isFalse();
        assertThat(Manifest.read(folder).outputs()).hasSizeGreaterThan(1);
    }

    @Test
    void aSyncThatFailsIsTold() {
        assertThatThrownBy(() -> write(new SlowSync(true)))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is full");
        assertThat(folder).isEmptyDirectory();
    }

    /** Syncing the first shard takes until the second is begun; then it may fail. */
    private final class SlowSync implements Storage {
        private final Storage disk = Storage.local();
        private final CountDownLatch next = new CountDownLatch(1);
        private final boolean fails;
        private volatile boolean nextBegan;
        private volatile boolean named;

        SlowSync(boolean fails) {
            this.fails = fails;
        }

        @Override
        public void createFolder(Path path) throws IOException {
            disk.createFolder(path);
        }

        @Override
        public Output create(Path file) throws IOException {
            if (file.endsWith(".traces-00001.parquet.tmp")) {
                next.countDown();
            }
            Output output = disk.create(file);
            return file.endsWith(".traces-00000.parquet.tmp") ? new SlowOutput(output) : output;
        }

        @Override
        public Output append(Path file) throws IOException {
            return disk.append(file);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            disk.move(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            disk.delete(file);
        }

        @Override
        public void syncFolder(Path path) throws IOException {
            disk.syncFolder(path);
        }

        private final class SlowOutput implements Output {
            private final Output output;

            SlowOutput(Output output) {
                this.output = output;
            }

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                output.write(bytes);
            }

            @Override
            public long size() throws IOException {
                return output.size();
            }

            @Override
            public void truncate(long size) throws IOException {
                output.truncate(size);
            }

            @Override
            public void sync() throws IOException {
                try {
                    nextBegan = next.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("interrupted in a sync");
                }
                named = Files.exists(folder.resolve("traces-00000.parquet"));
                if (fails) {
                    throw new IOException("the disk is full");
                }
                output.sync();
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        }
    }
}
