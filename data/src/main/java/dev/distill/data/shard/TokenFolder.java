package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The teacher's tokens of a folder of traces: {@code tokens-00000.parquet} ... in the folder {@code tokens} beside the shards. */
public final class TokenFolder {
    /** Beside the shards. */
    private static final String NAME = "tokens";

    private static final Pattern FILE = Pattern.compile("tokens-\\d{5}\\.parquet");

    private final Storage storage;
    private final Path folder;

    private TokenFolder(Storage storage, Path folder) {
        this.storage = storage;
        this.folder = folder;
    }

    /** That of a folder of traces. */
    public static TokenFolder of(Path traces) {
        return new TokenFolder(Storage.local(), traces.resolve(NAME));
    }

    /** That of a folder of traces, or the folder itself. */
    public static TokenFolder in(Path folder) throws IOException {
        TokenFolder itself = new TokenFolder(Storage.local(), folder);
        return itself.files().isEmpty() ? of(folder) : itself;
    }

    public Path path() {
        return folder;
    }

    /** Its files, in order; none where there is no folder. */
    public List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file ->
                            FILE.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        }
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
    public Writer replace() throws IOException {
        storage.createFolder(folder);
        for (Path file : files()) {
            storage.delete(file);
        }
        storage.syncFolder(folder);
        return new Writer();
    }

    /** For one thread. What has been written is on the disk when {@link #finish} has returned. */
    public final class Writer implements AutoCloseable {
        private int number;
        private @Nullable ShardFile<TeacherTokens> open;

        private Writer() {}

        public void write(TeacherTokens row) throws IOException {
            ShardFile<TeacherTokens> file = open;
            if (file == null) {
                Path target = folder.resolve(String.format("tokens-%05d.parquet", number));
                file = ShardFile.create(TokenSchema.FORM, storage, target, ShardSize.DEFAULT);
                open = file;
            }
            file.write(row);
            if (file.isFull()) {
                finish();
            }
        }

        /** Completes the file that is open, if one is. */
        public void finish() throws IOException {
            ShardFile<TeacherTokens> file = open;
            if (file != null) {
                open = null;
                file.publish();
                number++;
            }
        }

        /** Drops a file that {@link #finish} has not completed. */
        @Override
        public void close() {
            if (open != null) {
                open.close();
                open = null;
            }
        }
    }
}
