package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces read in pieces, and shards planned before they are written. */
class TraceSplitTest {
    private static final ShardSize SMALL = new ShardSize(9_000, 3_000);

    @TempDir
    Path folder;

    private final List<Trace> traces = RandomTraces.list(7, 200, 60);

    @BeforeEach
    void write() throws IOException {
        write(folder.resolve("a"), traces.subList(0, 90));
        write(folder.resolve("b"), traces.subList(90, 200));
    }

    private static Manifest write(Path to, List<Trace> some) throws IOException {
        try (TraceWriter writer = TraceWriter.create(Storage.local(), to, SMALL)) {
            for (Trace trace : some) {
                writer.write(trace);
            }
            return writer.finish(Manifest.begin("harvest", "test"), new DatasetCard("some", "other", ""));
        }
    }

    private List<TraceFile> files() throws IOException {
        return TraceFile.of(List.of(folder.resolve("a"), folder.resolve("b")));
    }

    private static <T> List<T> all(TraceSplit.Rows<T> rows) throws IOException {
        List<T> all = new ArrayList<>();
        try (rows) {
            rows.forEachRemaining(all::add);
            assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
        }
        return all;
    }

    @Test
    void piecesAreAllTracesOnceInTheirOrder() throws IOException {
        for (int groupsEach : List.of(1, 2, 5, 1_000)) {
            List<Trace> read = new ArrayList<>();
            List<TraceVerdict.Key> keys = new ArrayList<>();
            List<TraceSplit> splits = TraceSplit.of(files(), groupsEach);
            for (TraceSplit split : splits) {
                assertThat(split.place()).isEqualTo(read.size());
                assertThat(split.endGroup() - split.firstGroup()).isBetween(1, groupsEach);
                List<Trace> rows = all(split.open());
                assertThat(rows).hasSize(split.rows());
                read.addAll(rows);
                keys.addAll(all(split.keys()));
            }
            assertThat(read).isEqualTo(traces);
            assertThat(keys).isEqualTo(traces.stream().map(TraceVerdict.Key::of).toList());
            assertThat(splits).hasSizeGreaterThanOrEqualTo(files().size());
        }
    }

    @Test
    void aFileThatIsNotTheManifestsIsFound() throws IOException {
        TraceFile last = files().getLast();
        last.check();
        byte[] bytes = Files.readAllBytes(Path.of(last.path()));
        bytes[10] ^= 1;
        Files.write(Path.of(last.path()), bytes);
        assertThatThrownBy(last::check).isInstanceOf(ShardException.class).hasMessageContaining("the manifest says");
    }

    @Test
    void shardsThatWerePlannedAreThoseOfOneWriter() throws IOException {
        List<FileEntry> expected = write(folder.resolve("one"), traces).outputs();
        assertThat(expected).hasSizeGreaterThan(3);
        TraceShards shards = new TraceShards(SMALL);
        TraceShards.Groups groups = shards.groups();
        TraceShards.Files files = shards.files();
        Files.createDirectory(folder.resolve("planned"));
        List<FileEntry> written = new ArrayList<>();
        List<Trace> group = new ArrayList<>();
        List<Trace> file = new ArrayList<>();
        for (Iterator<Trace> left = traces.iterator(); left.hasNext(); ) {
            Trace trace = left.next();
            group.add(trace);
            if (groups.endsWith(TraceShards.size(trace)) || !left.hasNext()) {
                file.addAll(group);
                if (files.endsWith(TraceShards.encodedBytes(group)) || !left.hasNext()) {
                    written.add(shards.write(folder.resolve("planned"), written.size(), file.iterator()));
                    file.clear();
                }
                group.clear();
            }
        }
        assertThat(written).isEqualTo(expected);
        assertThatThrownBy(() -> shards.write(folder.resolve("planned"), 0, traces.iterator()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was planned as one file and became " + expected.size());
    }
}
