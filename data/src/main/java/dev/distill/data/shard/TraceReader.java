package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the traces of a folder, one after the other, in the order in which they were written. Holds a row group or two for each
 * processor in memory, which are decoded at once, and a few at most. Every file is compared with the manifest (length at once; content and rows when it is its turn) before a row of it is given
 * out. What is wrong with a file is a {@link ShardException}. For one thread.
 */
public final class TraceReader implements Iterator<Trace>, Closeable {
    private static final String CURE = "restore the file from a copy, or run the stage that wrote it again";

    private final @Nullable Manifest manifest;
    private final Path folder;
    private final Deque<Source> left;
    private @Nullable ParquetShard<Trace> open;
    private @Nullable Future<ParquetShard<Trace>> opening;
    private @Nullable Trace next;

    /** A file, and what the manifest says about it if there is one. */
    record Source(Path file, @Nullable FileEntry entry) {}

    private TraceReader(Path folder, @Nullable Manifest manifest, List<Source> sources) {
        this.folder = folder;
        this.manifest = manifest;
        this.left = new ArrayDeque<>(sources);
    }

    /**
     * Opens a finished folder.
     *
     * @throws ShardException if there is no manifest, if it names files that are not there or have another length, or if there
     *     are shards that it does not name
     */
    public static TraceReader open(Path folder) throws IOException {
        Manifest manifest = Manifest.read(folder);
        return new TraceReader(folder, manifest, sources(folder, manifest));
    }

    /** {@link #open(Path)} of several folders, one after the other, of which {@link #manifest} says nothing then. */
    public static TraceReader open(List<Path> folders) throws IOException {
        if (folders.size() == 1) {
            return open(folders.getFirst());
        }
        List<Source> sources = new ArrayList<>();
        for (Path folder : folders) {
            sources.addAll(sources(folder, Manifest.read(folder)));
        }
        return new TraceReader(folders.getFirst(), null, sources);
    }

    /** The files of a finished folder, of the length that its manifest says. */
    static List<Source> sources(Path folder, Manifest manifest) throws IOException {
        if (TraceSchema.FORM.columnsOf(manifest.schema()) == null) {
            throw new ShardException(
                    folder,
                    "holds \"" + manifest.schema() + "\", this program reads " + TraceSchema.FORM.readable(),
                    "is this the right folder? If so, use a newer Distill");
        }
        List<Source> sources = new ArrayList<>();
        for (FileEntry entry : manifest.outputs()) {
            Path file = folder.resolve(entry.path());
            if (!TraceWriter.isShard(file) || !folder.equals(file.getParent())) {
                throw new ShardException(
                        folder, "its manifest names \"" + entry.path() + "\", which is no shard", CURE);
            }
            checkLength(file, entry);
            sources.add(new Source(file, entry));
        }
        for (Path file : parquetFiles(folder)) {
            if (TraceWriter.isShard(file) && sources.stream().noneMatch(known -> known.file.equals(file))) {
                throw new ShardException(file, "is not in the manifest", "move it away, or run the stage again");
            }
        }
        return sources;
    }

    /**
     * Reads Parquet files of traces that no manifest vouches for: those of a folder, in the order of their names, or one file.
     * Their page checksums are verified, as always.
     */
    public static TraceReader openWithoutManifest(Path folderOrFile) throws IOException {
        List<Path> files = Files.isDirectory(folderOrFile) ? parquetFiles(folderOrFile) : List.of(folderOrFile);
        if (files.isEmpty()) {
            throw new ShardException(folderOrFile, "holds no *.parquet file", "is this the right folder?");
        }
        return new TraceReader(
                folderOrFile,
                null,
                files.stream().map(file -> new Source(file, null)).toList());
    }

    /** The manifest of the folder; empty if it was opened without. */
    public Optional<Manifest> manifest() {
        return Optional.ofNullable(manifest);
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public Trace next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("shard " + folder + ": no more traces");
        }
        Trace trace = next;
        next = null;
        return trace;
    }

    private @Nullable Trace advance() {
        try {
            while (true) {
                if (open != null) {
                    Trace trace = open.next();
                    if (trace != null) {
                        return trace;
                    }
                    closeOpen();
                }
                if (!openNext()) {
                    return null;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next file, which has been hashed while the one before was read; false if there is none. */
    private boolean openNext() throws IOException {
        Future<ParquetShard<Trace>> ready = opening == null ? startOpening() : opening;
        opening = null;
        if (ready == null) {
            return false;
        }
        open = ShardThreads.result(ready);
        opening = startOpening();
        return true;
    }

    private @Nullable Future<ParquetShard<Trace>> startOpening() {
        Source source = left.poll();
        boolean isFirst = open == null;
        return source == null ? null : ShardThreads.start(() -> openChecked(source, isFirst));
    }

    /** A file whose content and rows are those of its entry, if it has one. */
    static ParquetShard<Trace> openChecked(Source source) throws IOException {
        return openChecked(source, false);
    }

    /** @param isFirst no file is read meanwhile: its first row groups are decoded while it is hashed, and given out after that */
    private static ParquetShard<Trace> openChecked(Source source, boolean isFirst) throws IOException {
        FileEntry entry = source.entry;
        if (entry == null) {
            return ParquetShard.open(TraceSchema.FORM, source.file);
        }
        Future<ParquetShard<Trace>> opening = isFirst ? ShardThreads.start(() -> openAhead(source.file)) : null;
        String sha256 = FileEntry.sha256(source.file);
        if (!sha256.equals(entry.sha256())) {
            drop(opening);
            throw new ShardException(
                    source.file, "has sha256 " + sha256 + ", the manifest says " + entry.sha256(), CURE);
        }
        ParquetShard<Trace> shard =
                opening == null ? ParquetShard.open(TraceSchema.FORM, source.file) : ShardThreads.result(opening);
        if (entry.rows().isEmpty() || entry.rows().getAsLong() != shard.rows()) {
            shard.close();
            throw new ShardException(
                    source.file,
                    "has " + shard.rows() + " rows, the manifest says "
                            + (entry.rows().isEmpty() ? "nothing" : entry.rows().getAsLong()),
                    CURE);
        }
        return shard;
    }

    private static ParquetShard<Trace> openAhead(Path file) {
        ParquetShard<Trace> shard = ParquetShard.open(TraceSchema.FORM, file);
        shard.start();
        return shard;
    }

    /** What is wrong with a file that has another hash than it should is said by that. */
    private static void drop(@Nullable Future<ParquetShard<Trace>> opening) throws IOException {
        if (opening == null) {
            return;
        }
        try {
            ShardThreads.result(opening).close();
        } catch (ShardException e) {
            // It is damaged, which is what its hash says.
        }
    }

    private static void checkLength(Path file, FileEntry entry) throws IOException {
        if (!Files.exists(file)) {
            throw new ShardException(file, "is missing, the manifest names it", CURE);
        }
        if (Files.size(file) != entry.bytes()) {
            throw new ShardException(
                    file, "has " + Files.size(file) + " bytes, the manifest says " + entry.bytes(), CURE);
        }
    }

    private static List<Path> parquetFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".parquet") && !name.startsWith(".");
                    })
                    .sorted()
                    .toList();
        }
    }

    private void closeOpen() {
        ParquetShard<Trace> shard = open;
        open = null;
        if (shard != null) {
            shard.close();
        }
    }

    /** Ends reading; behind it there are no more traces. */
    @Override
    public void close() throws IOException {
        closeOpen();
        left.clear();
        opening = null;
    }
}
