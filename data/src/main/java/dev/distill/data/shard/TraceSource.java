package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of traces, and what the manifest of its folder says of it.
 *
 * @param entry null if no manifest vouches for it
 */
record TraceSource(Path file, @Nullable FileEntry entry) {
    private static final String CURE = "restore the file from a copy, or run the stage that wrote it again";

    /**
     * The files of a finished folder, of the length that its manifest says.
     *
     * @throws ShardException if they are not those, or hold something else
     */
    static List<TraceSource> of(Path folder, Manifest manifest) throws IOException {
        if (TraceSchema.FORM.columnsOf(manifest.schema()) == null) {
            throw new ShardException(
                    folder,
                    "holds \"" + manifest.schema() + "\", this program reads " + TraceSchema.FORM.readable(),
                    "is this the right folder? If so, use a newer Distill");
        }
        List<TraceSource> sources = new ArrayList<>();
        for (FileEntry entry : manifest.outputs()) {
            Path file = folder.resolve(entry.path());
            if (!TraceWriter.isShard(file) || !folder.equals(file.getParent())) {
                throw new ShardException(
                        folder, "its manifest names \"" + entry.path() + "\", which is no shard", CURE);
            }
            checkLength(file, entry);
            sources.add(new TraceSource(file, entry));
        }
        for (Path file : parquetFiles(folder)) {
            if (TraceWriter.isShard(file) && sources.stream().noneMatch(known -> known.file.equals(file))) {
                throw new ShardException(file, "is not in the manifest", "move it away, or run the stage again");
            }
        }
        return sources;
    }

    /** The Parquet files of a folder, in the order of their names, or one file, whatever a manifest says. */
    static List<TraceSource> withoutManifest(Path folderOrFile) throws IOException {
        List<Path> files = Files.isDirectory(folderOrFile) ? parquetFiles(folderOrFile) : List.of(folderOrFile);
        if (files.isEmpty()) {
            throw new ShardException(folderOrFile, "holds no *.parquet file", "is this the right folder?");
        }
        return files.stream().map(file -> new TraceSource(file, null)).toList();
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

    /** How the content of a file is hashed. */
    @FunctionalInterface
    interface Hashing {
        String sha256(Path file) throws IOException;
    }

    /**
     * Opens it; its content and its rows are those of its entry, if it has one.
     *
     * @throws ShardException if they are not
     */
    ParquetShard<Trace> open() throws IOException {
        if (entry != null) {
            checkContent(entry, FileEntry::sha256);
        }
        return checkedRows(shard());
    }

    /** {@link #open} while no file is read: its first row groups are decoded while it is hashed, and given out after that. */
    ParquetShard<Trace> openFirst() throws IOException {
        return openFirst(FileEntry::sha256);
    }

    ParquetShard<Trace> openFirst(Hashing hashing) throws IOException {
        if (entry == null) {
            return shard();
        }
        Future<ParquetShard<Trace>> decoding = ShardThreads.start(() -> {
            ParquetShard<Trace> shard = shard();
            shard.start();
            return shard;
        });
        try {
            checkContent(entry, hashing);
            return checkedRows(ShardThreads.result(decoding));
        } catch (Throwable e) {
            ShardThreads.drop(decoding);
            throw e;
        }
    }

    private ParquetShard<Trace> shard() {
        return ParquetShard.open(TraceSchema.FORM, file);
    }

    private void checkContent(FileEntry entry, Hashing hashing) throws IOException {
        String sha256 = hashing.sha256(file);
        if (!sha256.equals(entry.sha256())) {
            throw new ShardException(file, "has sha256 " + sha256 + ", the manifest says " + entry.sha256(), CURE);
        }
    }

    private ParquetShard<Trace> checkedRows(ParquetShard<Trace> shard) {
        OptionalLong rows = entry == null ? OptionalLong.of(shard.rows()) : entry.rows();
        if (rows.isEmpty() || rows.getAsLong() != shard.rows()) {
            shard.close();
            throw new ShardException(
                    file,
                    "has " + shard.rows() + " rows, the manifest says "
                            + (rows.isEmpty() ? "nothing" : rows.getAsLong()),
                    CURE);
        }
        return shard;
    }
}
