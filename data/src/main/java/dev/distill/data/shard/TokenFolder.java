package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The teacher's tokens of a folder of traces: {@code tokens-00000.parquet} ... in the folder {@code tokens} beside the shards. */
public final class TokenFolder {
    /** Of the folder beside the shards, and of its files. */
    private static final String NAME = "tokens";

    private final NumberedFiles files;

    private TokenFolder(Storage storage, Path folder) {
        this.files = new NumberedFiles(storage, folder, NAME);
    }

    /** That of a folder of traces. */
    public static TokenFolder of(Path traces) {
        return of(Storage.local(), traces);
    }

    /** {@link #of(Path)} through the given storage. */
    public static TokenFolder of(Storage storage, Path traces) {
        return new TokenFolder(storage, traces.resolve(NAME));
    }

    /** That of a folder of traces, or the folder itself. */
    public static TokenFolder in(Path folder) throws IOException {
        TokenFolder itself = new TokenFolder(Storage.local(), folder);
        return itself.files().isEmpty() ? of(folder) : itself;
    }

    public Path path() {
        return files.folder();
    }

    /** Its files, in order; none where there is no folder. */
    public List<Path> files() throws IOException {
        return files.list();
    }

    /**
     * Reads everything, in the order in which it was written.
     *
     * @throws ShardException if a file is damaged
     */
    public void forEach(Consumer<TeacherTokens> sink) throws IOException {
        for (Path file : files()) {
            try (ParquetShard<TeacherTokens> shard = ParquetShard.open(TokenSchema.FORM, file)) {
                for (TeacherTokens row = shard.next(); row != null; row = shard.next()) {
                    sink.accept(row);
                }
            }
        }
    }

    /** Replaces what is there. */
    public RowWriter<TeacherTokens> replace() throws IOException {
        Storage storage = files.storage();
        storage.createFolder(files.folder());
        for (Path file : files()) {
            storage.delete(file);
        }
        storage.syncFolder(files.folder());
        return new RowWriter<>(TokenSchema.FORM, files, ShardSize.DEFAULT, 0);
    }
}
