package dev.distill.data.shard;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into numbered files of a folder, each of which is whole or not there. For one thread. What has been written is on the disk once its file is
 * full, or {@link #finish} has returned.
 */
public final class RowWriter<T> implements AutoCloseable {
    private final ShardForm<T> form;
    private final NumberedFiles files;
    private final ShardSize size;
    private int number;
    private @Nullable ShardFile<T> open;

    /** @param first number of the first file */
    RowWriter(ShardForm<T> form, NumberedFiles files, ShardSize size, int first) {
        this.form = form;
        this.files = files;
        this.size = size;
        this.number = first;
    }

    public void write(T row) throws IOException {
        ShardFile<T> file = open;
        if (file == null) {
            file = ShardFile.create(form, files.storage(), files.file(number), size);
            open = file;
        }
        file.write(row);
        if (file.isFull()) {
            finish();
        }
    }

    /** Completes the file that is open, if one is. */
    public void finish() throws IOException {
        ShardFile<T> file = open;
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
