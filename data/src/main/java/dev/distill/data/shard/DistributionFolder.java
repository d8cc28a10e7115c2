package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A teacher's distributions beside the traces of which they are: {@code teacher-00000.parquet} .... Every file is whole, so a folder that a killed
 * process has left is gone on with: {@link #forEach} tells what there is, and a {@link RowWriter} adds files behind it.
 */
public final class DistributionFolder {
    /** A file of a few minutes' work of a small teacher: so much a killed process may lose. */
    private static final ShardSize SIZE = new ShardSize(16L << 20, 8 << 20);

    private final NumberedFiles files;

    public DistributionFolder(Path folder) {
        this(Storage.local(), folder);
    }

    DistributionFolder(Storage storage, Path folder) {
        this.files = new NumberedFiles(storage, folder, "teacher");
    }

    public Path path() {
        return files.folder();
    }

    /** Its whole files, in order; none where there is no folder. */
    public List<Path> files() throws IOException {
        return files.list();
    }

    /**
     * Reads everything, in the order in which it was written.
     *
     * @param source what it must come from; null for whatever it does
     * @throws ShardException if a file is damaged, or of another source
     */
    public void forEach(@Nullable DistributionSource source, Consumer<TeacherDistributions> sink) throws IOException {
        for (Path file : files()) {
            try (ParquetShard<TeacherDistributions> shard = ParquetShard.open(DistributionSchema.reading(), file)) {
                DistributionSource found = source(shard);
                if (source != null && !source.equals(found)) {
                    throw new ShardException(
                            file,
                            "was taken from " + found + ", this run wants " + source,
                            "give the folder of the other run, or let this one take its own");
                }
                for (TeacherDistributions row = shard.next(); row != null; row = shard.next()) {
                    sink.accept(row);
                }
            }
        }
    }

    /** Where the folder comes from; null where it is empty. */
    public @Nullable DistributionSource source() throws IOException {
        List<Path> files = files();
        if (files.isEmpty()) {
            return null;
        }
        try (ParquetShard<TeacherDistributions> shard =
                ParquetShard.open(DistributionSchema.reading(), files.getFirst())) {
            return source(shard);
        }
    }

    private static DistributionSource source(ParquetShard<?> shard) {
        try {
            return DistributionSource.of(shard.metadata());
        } catch (IllegalArgumentException e) {
            throw new ShardException(
                    shard.file(),
                    String.valueOf(e.getMessage()),
                    "is it a teacher's distributions? docs/formats.md says what is",
                    e);
        }
    }

    /** Adds files behind those that there are. */
    public RowWriter<TeacherDistributions> append(DistributionSource source) throws IOException {
        files.storage().createFolder(files.folder());
        return new RowWriter<>(DistributionSchema.writing(source), files, SIZE, files.next());
    }
}
