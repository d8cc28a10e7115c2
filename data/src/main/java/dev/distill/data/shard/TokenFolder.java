package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
        try (Rows rows = new Rows(new ArrayDeque<>(files()))) {
            for (TeacherTokens row = rows.next(); row != null; row = rows.next()) {
                sink.accept(row);
            }
        }
    }

    /** Takes a trace, and what its teacher told of its tokens; null where it told nothing. */
    @FunctionalInterface
    public interface Joined {
        void accept(Trace trace, @Nullable SaidTokens tokens) throws IOException;
    }

    /**
     * Reads the traces of the folder and the tokens side by side: both lie in the same order, so that neither is held.
     *
     * @throws ShardException if a file is damaged, or there are tokens of a trace that is not among these, or not in this order
     */
    public void join(Iterator<Trace> traces, Joined sink) throws IOException {
        try (Rows rows = new Rows(new ArrayDeque<>(files()))) {
            TeacherTokens next = rows.next();
            while (traces.hasNext()) {
                Trace trace = traces.next();
                boolean told = next != null && next.traceId().equals(trace.id());
                sink.accept(trace, told && next != null ? next.tokens() : null);
                if (told) {
                    next = rows.next();
                }
            }
            if (next != null) {
                throw new ShardException(
                        path(),
                        "has tokens of trace " + next.traceId()
                                + ", which is not among the traces, or not in this order",
                        "join them with the folder of traces that lies beside them");
            }
        }
    }

    /** The rows of all files. */
    private static final class Rows implements Closeable {
        private final Deque<Path> left;
        private @Nullable ParquetShard<TeacherTokens> open;

        Rows(Deque<Path> left) {
            this.left = left;
        }

        @Nullable
        TeacherTokens next() {
            while (true) {
                TeacherTokens row = open == null ? null : open.next();
                if (row != null) {
                    return row;
                }
                close();
                if (left.isEmpty()) {
                    return null;
                }
                open = ParquetShard.open(TokenSchema.FORM, left.remove());
            }
        }

        @Override
        public void close() {
            if (open != null) {
                open.close();
                open = null;
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
