package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads the traces of a folder, one after the other, in the order in which they were written. Holds a row group or two for each
 * processor in memory, which are decoded at once, and a few at most. Every file is compared with the manifest (length at once; content and rows when it is its turn) before a row of it is given
 * out. What is wrong with a file is a {@link ShardException}. For one thread.
 */
public final class TraceReader implements Iterator<Trace>, Closeable {
    private final @Nullable Manifest manifest;
    private final Path folder;
    private final Deque<TraceSource> left;
    private @Nullable ParquetShard<Trace> open;
    private @Nullable Future<ParquetShard<Trace>> opening;
    private @Nullable Trace next;

    private TraceReader(Path folder, @Nullable Manifest manifest, List<TraceSource> sources) {
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
        return new TraceReader(folder, manifest, TraceSource.of(folder, manifest));
    }

    /** {@link #open(Path)} of several folders, one after the other, of which {@link #manifest} says nothing then. */
    public static TraceReader open(List<Path> folders) throws IOException {
        if (folders.size() == 1) {
            return open(folders.getFirst());
        }
        List<TraceSource> sources = new ArrayList<>();
        for (Path folder : folders) {
            sources.addAll(TraceSource.of(folder, Manifest.read(folder)));
        }
        return new TraceReader(folders.getFirst(), null, sources);
    }

    /**
     * Reads Parquet files of traces that no manifest vouches for: those of a folder, in the order of their names, or one file.
     * Their page checksums are verified, as always.
     */
    public static TraceReader openWithoutManifest(Path folderOrFile) throws IOException {
        return new TraceReader(folderOrFile, null, TraceSource.withoutManifest(folderOrFile));
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
        opening = opening == null ? startOpening() : opening;
        if (opening == null) {
            return false;
        }
        open = ShardThreads.result(opening);
        opening = null;
        opening = startOpening();
        return true;
    }

    private @Nullable Future<ParquetShard<Trace>> startOpening() {
        TraceSource source = left.peek();
        if (source == null) {
            return null;
        }
        boolean isFirst = open == null;
        Future<ParquetShard<Trace>> started = ShardThreads.start(isFirst ? source::openFirst : source::open);
        left.remove();
        return started;
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
        Future<ParquetShard<Trace>> unused = opening;
        opening = null;
        if (unused != null) {
            ShardThreads.drop(unused);
        }
    }
}
