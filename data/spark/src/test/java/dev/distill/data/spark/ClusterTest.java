package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.shard.ShardException;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceFile;
import dev.distill.data.shard.TraceSplit;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark tries again, and what it need not. */
class ClusterTest {
    private static final int TRIES = 3;
    private static final int TRACES = 20;
    private static final AtomicInteger tried = new AtomicInteger();

    private static Cluster cluster;

    @TempDir
    Path folder;

    private TraceSplit split = new TraceSplit(0, "", 0, 0, 0, 0);
    private Path file = Path.of("");
    private Path away = Path.of("");

    @BeforeAll
    static void start() throws IOException {
        cluster = ClusterStart.start("local[2," + TRIES + "]", Both.Quiet.WATCH);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void write() throws IOException {
        Planted.write(folder, new Planted(5).traces(TRACES), ShardSize.DEFAULT);
        split = TraceSplit.of(TraceFile.of(List.of(folder)), 1).getFirst();
        file = Path.of(split.file());
        away = folder.resolve("away");
        tried.set(0);
    }

    /** Counts the traces of a piece; the file comes back before this try. */
    private record Count(String away, int back) implements Cluster.Task<TraceSplit, Integer> {
        @Override
        public Integer run(Iterator<TraceSplit> splits) throws IOException {
            TraceSplit split = splits.next();
            if (tried.incrementAndGet() == back) {
                Files.move(Path.of(away), Path.of(split.file()));
            }
            int count = 0;
            try (TraceSplit.Rows<Trace> rows = split.open()) {
                for (; rows.hasNext(); rows.next()) {
                    count++;
                }
            }
            return count;
        }
    }

    private int count(int back) throws IOException {
        int[] counted = {0};
        cluster.run(
                cluster.context().parallelize(List.of(split), 1),
                new Count(away.toString(), back),
                (_, count) -> counted[0] += count);
        return counted[0];
    }

    @Test
    void aFileThatCannotBeReachedIsTriedAgain() throws IOException {
        Files.move(file, away);
        assertThat(count(2)).isEqualTo(TRACES);
        assertThat(tried).hasValue(2);
    }

    @Test
    void oneThatNeverComesEndsTheWorkWithWhatWasWrong() throws IOException {
        Files.move(file, away);
        assertThatThrownBy(() -> count(TRIES + 1))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("curate: Spark gave up (")
                .hasMessageContaining("shard " + file + ": the file system did not give it (");
        assertThat(tried).hasValue(TRIES);
    }

    @Test
    void whatIsWrongWithTheDataIsNotTriedAgain() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[300] ^= 1; // in the first page
        Files.write(file, bytes);
        assertThatThrownBy(() -> count(0))
                .isInstanceOf(ShardException.class)
                .hasMessageStartingWith("shard " + file + ": row ");
        assertThat(tried).hasValue(1);
    }

    @Test
    void aShuffleIsCutIntoTwoThousandPartsAtMostHoweverManyCoresThereAre() {
        assertThat(Cluster.parts(1_000, 8)).isEqualTo(8);
        assertThat(Cluster.parts(1_000_000, 8)).isEqualTo(20);
        assertThat(Cluster.parts(Integer.MAX_VALUE, 8)).isEqualTo(2_000);
        assertThat(Cluster.parts(1_000, 4_096)).isEqualTo(2_000);
    }
}
