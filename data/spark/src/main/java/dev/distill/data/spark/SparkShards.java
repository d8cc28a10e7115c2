package dev.distill.data.spark;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceCounts;
import dev.distill.data.shard.TraceShards;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.spark.broadcast.Broadcast;

/**
 * Writes the traces that are kept, in the shards that one writer would make of them. Where row groups end is known from the sizes of the
 * traces; workers encode them to find out where files end, and then write each file. So every trace is encoded twice, which takes
 * a small part of the time that looking at it does.
 */
final class SparkShards {
    /** Row groups that are measured by one task. */
    private static final int TOGETHER = 8;

    private final Cluster cluster;
    private final Broadcast<SplitFiles> splitFiles;
    private final Broadcast<BitSet> kept;
    private final ShardSize size;
    private final TraceCounts counts = new TraceCounts();

    SparkShards(Cluster cluster, Broadcast<SplitFiles> splitFiles, BitSet kept, ShardSize size) {
        this.cluster = cluster;
        this.splitFiles = splitFiles;
        this.kept = cluster.send(kept);
        this.size = size;
    }

    /** Places from one to before another, all whose kept traces go together. */
    record Range(int number, int from, int end) implements Serializable {}

    /** Of the traces that were written. */
    TraceCounts counts() {
        return counts;
    }

    /**
     * Writes them.
     *
     * @param sizes of the kept traces, in their order
     * @param folder that gets the files
     */
    List<FileEntry> write(Iterable<int[]> sizes, Path folder) throws IOException {
        List<Range> groups = groups(sizes);
        if (groups.isEmpty()) {
            return List.of();
        }
        return write(files(groups, measure(groups)), folder);
    }

    private List<Range> groups(Iterable<int[]> sizes) {
        TraceShards.Groups cut = new TraceShards(size).groups();
        List<Range> groups = new ArrayList<>();
        BitSet places = kept.value();
        int place = -1;
        int from = -1;
        for (int[] some : sizes) {
            for (int one : some) {
                place = places.nextSetBit(place + 1);
                from = from < 0 ? place : from;
                if (cut.endsWith(one)) {
                    groups.add(new Range(groups.size(), from, place + 1));
                    from = -1;
                }
            }
        }
        if (from >= 0) {
            groups.add(new Range(groups.size(), from, place + 1));
        }
        return groups;
    }

    /** The bytes of each group. */
    private long[] measure(List<Range> groups) throws IOException {
        List<ArrayList<Range>> tasks = new ArrayList<>();
        for (int i = 0; i < groups.size(); i += TOGETHER) {
            tasks.add(new ArrayList<>(groups.subList(i, Math.min(groups.size(), i + TOGETHER))));
        }
        long[] bytes = new long[groups.size()];
        cluster.run(
                cluster.context().parallelize(tasks, tasks.size()), new Measure(splitFiles, kept), (task, measured) -> {
                    System.arraycopy(measured.bytes, 0, bytes, task * TOGETHER, measured.bytes.length);
                    counts.add(measured.counts);
                });
        return bytes;
    }

    private List<Range> files(List<Range> groups, long[] bytes) {
        TraceShards.Files cut = new TraceShards(size).files();
        List<Range> files = new ArrayList<>();
        int from = groups.getFirst().from;
        for (Range group : groups) {
            if (cut.endsWith(bytes[group.number]) || group.number == groups.size() - 1) {
                files.add(new Range(files.size(), from, group.end));
                from = group.end;
            }
        }
        return files;
    }

    private List<FileEntry> write(List<Range> files, Path folder) throws IOException {
        FileEntry[] entries = new FileEntry[files.size()];
        cluster.run(
                cluster.context().parallelize(files, files.size()),
                new Write(splitFiles, kept, size),
                (file, written) -> {
                    Files.move(
                            Path.of(written.folder, written.name),
                            folder.resolve(written.name),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                    entries[file] =
                            new FileEntry(written.name, written.bytes, written.sha256, OptionalLong.of(written.rows));
                });
        return List.of(entries);
    }

    /** Encodes row groups, and keeps nothing but how large they are. */
    private record Measure(Broadcast<SplitFiles> splitFiles, Broadcast<BitSet> kept)
            implements Cluster.Task<ArrayList<Range>, Measured> {
        @Override
        public Measured run(Iterator<ArrayList<Range>> tasks) throws IOException {
            List<Range> groups = tasks.next();
            TraceCounts counts = new TraceCounts();
            long[] bytes = new long[groups.size()];
            try (KeptTraces traces =
                    new KeptTraces(splitFiles.value(), kept.value(), groups.getFirst().from, groups.getLast().end)) {
                for (int i = 0; i < bytes.length; i++) {
                    Range group = groups.get(i);
                    int rows = kept.value().get(group.from, group.end).cardinality();
                    List<Trace> together = new ArrayList<>(rows);
                    for (int row = 0; row < rows; row++) {
                        together.add(traces.next());
                    }
                    together.forEach(counts::add);
                    bytes[i] = TraceShards.encodedBytes(together);
                }
            }
            return new Measured(bytes, counts);
        }
    }

    private record Measured(long[] bytes, TraceCounts counts) implements Serializable {}

    /** Writes a file, in a folder of its own: who does the same again does not get in the way. */
    private record Write(Broadcast<SplitFiles> splitFiles, Broadcast<BitSet> kept, ShardSize size)
            implements Cluster.Task<Range, Written> {
        @Override
        public Written run(Iterator<Range> files) throws IOException {
            Range file = files.next();
            Path folder = Path.of(splitFiles.value().folder(), "shard-" + UUID.randomUUID());
            Files.createDirectory(folder);
            try (KeptTraces traces = new KeptTraces(splitFiles.value(), kept.value(), file.from, file.end)) {
                FileEntry entry = new TraceShards(size).write(folder, file.number, traces);
                return new Written(
                        folder.toString(),
                        entry.path(),
                        entry.bytes(),
                        entry.sha256(),
                        entry.rows().orElseThrow());
            }
        }
    }

    private record Written(String folder, String name, long bytes, String sha256, long rows) implements Serializable {}
}
