package dev.distill.data.shard;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes traces into a folder: {@code traces-00000.parquet}, {@code traces-00001.parquet} ..., {@code README.md}, and last
 * {@code manifest.json}. Each file has its name only when it is whole: written under a temporary name and synced, opened again
 * and counted, moved, the folder synced. A folder without a manifest is unfinished; whoever writes it again replaces what is
 * there. For one thread.
 */
public final class TraceWriter implements Closeable {
    private static final Pattern SHARD_NAME = Pattern.compile("traces-\\d{5}\\.parquet");
    private final Storage storage;
    private final Path folder;
    private final RowWriter<Trace> shards;
    private final TraceCounts counts = new TraceCounts();
    private boolean finished;

    private TraceWriter(Storage storage, Path folder, ShardSize size) {
        this.storage = storage;
        this.folder = folder;
        this.shards = new RowWriter<>(TraceSchema.FORM, new NumberedFiles(storage, folder, TraceSchema.NAME), size, 0);
    }

    /**
     * Begins a folder of traces.
     *
     * @throws ShardException if the folder is finished already
     */
    public static TraceWriter create(Path folder) throws IOException {
        return create(Storage.local(), folder, ShardSize.DEFAULT);
    }

    /** {@link #create(Path)} with other sizes, through the given storage. */
    public static TraceWriter create(Storage storage, Path folder, ShardSize size) throws IOException {
        if (Manifest.isIn(folder)) {
            throw new ShardException(
                    folder, "is finished: it has a " + Manifest.FILE_NAME, "give another folder, or delete this one");
        }
        return begin(storage, folder, size);
    }

    /** Begins a folder of traces again: what is in it counts as unfinished from here on, and is replaced. */
    public static TraceWriter replace(Path folder) throws IOException {
        return replace(Storage.local(), folder, ShardSize.DEFAULT);
    }

    /** {@link #replace(Path)} with other sizes, through the given storage. */
    public static TraceWriter replace(Storage storage, Path folder, ShardSize size) throws IOException {
        unfinish(storage, folder);
        return begin(storage, folder, size);
    }

    /** From here on what is in the folder counts as unfinished. */
    static void unfinish(Storage storage, Path folder) throws IOException {
        if (Manifest.isIn(folder)) {
            storage.delete(folder.resolve(Manifest.FILE_NAME));
            storage.syncFolder(folder);
        }
    }

    private static TraceWriter begin(Storage storage, Path folder, ShardSize size) throws IOException {
        storage.createFolder(folder);
        return new TraceWriter(storage, folder, size);
    }

    /** Writes one trace; it is on the disk when {@link #finish} has returned. */
    public void write(Trace trace) throws IOException {
        if (finished) {
            throw new IllegalStateException("shard " + folder + ": is finished and takes no more traces");
        }
        shards.write(trace);
        counts.add(trace);
    }

    /** Traces written so far. */
    public long rows() {
        return counts.traces();
    }

    /**
     * Writes what is left, the card and, last, the manifest: that of the stage so far, completed with the files and the counts
     * of the traces.
     */
    public Manifest finish(Manifest stage, DatasetCard card) throws IOException {
        shards.finish();
        Manifest manifest = finish(storage, folder, stage, card, shards.published(), counts);
        finished = true;
        return manifest;
    }

    /** Completes a folder whose shards are there. */
    static Manifest finish(
            Storage storage, Path folder, Manifest stage, DatasetCard card, List<FileEntry> shards, TraceCounts counts)
            throws IOException {
        deleteLeftovers(storage, folder, shards);
        Manifest manifest =
                stage.withCounts(Map.of("traces", counts.traces())).finish(TraceSchema.NAME_AND_VERSION, shards);
        byte[] readme = card.markdown(manifest, counts).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(storage, folder.resolve("README.md"), out -> out.write(readme));
        manifest.write(storage, folder);
        return manifest;
    }

    /** Shards of an unfinished run that were not replaced: the manifest would not name them. */
    private static void deleteLeftovers(Storage storage, Path folder, List<FileEntry> shards) throws IOException {
        List<Path> leftovers;
        List<String> mine = shards.stream().map(FileEntry::path).toList();
        try (Stream<Path> files = Files.list(folder)) {
            leftovers = files.filter(file ->
                            isShard(file) && !mine.contains(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
        for (Path leftover : leftovers) {
            storage.delete(leftover);
        }
    }

    static boolean isShard(Path file) {
        return SHARD_NAME.matcher(file.getFileName().toString()).matches();
    }

    /** Drops what {@link #finish} has not completed; shards that are whole stay, for the next writer to replace. */
    @Override
    public void close() {
        shards.close();
    }
}
