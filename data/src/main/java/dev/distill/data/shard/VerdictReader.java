package dev.distill.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads stored verdicts, one after the other. What is wrong with a file is a {@link ShardException}. For one thread. */
public final class VerdictReader implements Closeable {
    private final Deque<Path> left;
    private @Nullable ParquetShard<TraceVerdict> open;

    VerdictReader(List<Path> files) {
        this.left = new ArrayDeque<>(files);
    }

    /** The next one; null if there are no more. */
    public @Nullable TraceVerdict next() throws IOException {
        while (true) {
            ParquetShard<TraceVerdict> shard = open;
            if (shard != null) {
                TraceVerdict row = shard.next();
                if (row != null) {
                    return row;
                }
                close();
            }
            Path file = left.poll();
            if (file == null) {
                return null;
            }
            open = ParquetShard.open(VerdictSchema.FORM, file);
        }
    }

    @Override
    public void close() throws IOException {
        ParquetShard<TraceVerdict> shard = open;
        open = null;
        if (shard != null) {
            shard.close();
        }
    }
}
