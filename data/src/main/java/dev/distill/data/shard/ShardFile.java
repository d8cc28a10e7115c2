package dev.distill.data.shard;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.parquet.hadoop.ParquetFileWriter;

/**
 * One Parquet file that is being written, under a temporary name. It gets its own when it is whole: closed and synced, opened again and counted,
 * moved, its folder synced. What fails or is closed before leaves nothing.
 */
final class ShardFile<T> implements Closeable {
    private final ShardForm<T> form;
    private final Storage storage;
    private final Path target;
    private final Path temporary;
    private final StorageOutputFile output;
    private final ParquetFileWriter writer;
    private long rows;
    private boolean done;

    private ShardFile(
            ShardForm<T> form, Storage storage, Path target, StorageOutputFile output, ParquetFileWriter writer) {
        this.form = form;
        this.storage = storage;
        this.target = target;
        this.temporary = output.file();
        this.output = output;
        this.writer = writer;
    }

    static <T> ShardFile<T> create(ShardForm<T> form, Storage storage, Path target) throws IOException {
        StorageOutputFile output = new StorageOutputFile(storage, AtomicFile.temporaryFor(target));
        // Groups come encoded, and of the size that they have: the file's own idea of a group and its padding are not
        // used.
        ParquetFileWriter writer = new ParquetFileWriter(
                output, form.columns(), ParquetFileWriter.Mode.OVERWRITE, Long.MAX_VALUE, 0, null, form.properties(1));
        ShardFile<T> file = new ShardFile<>(form, storage, target, output, writer);
        try {
            writer.start();
        } catch (IOException | RuntimeException e) {
            file.abandon(e);
            throw e;
        }
        return file;
    }

    void write(RowGroup group) throws IOException {
        try {
            group.writeTo(writer);
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
        rows += group.rows();
    }

    /** Bytes written. */
    long bytes() throws IOException {
        return writer.getPos();
    }

    /** Completes the file, and gives it its name. */
    FileEntry publish() throws IOException {
        try {
            Map<String, String> metadata = new HashMap<>(form.metadata());
            metadata.put(ShardForm.KEY, form.nameAndVersion());
            output.beginEnd(); // the same rows make the same bytes in every process
            writer.end(metadata);
            writer.close();
            checkRows();
            FileEntry entry = new FileEntry(
                    String.valueOf(target.getFileName()), output.bytes(), output.sha256(), OptionalLong.of(rows));
            AtomicFile.publish(storage, temporary, target);
            done = true;
            return entry;
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private void checkRows() throws IOException {
        try (ParquetShard<T> written = ParquetShard.open(form, temporary)) {
            if (written.rows() != rows) {
                throw new ShardException(
                        temporary,
                        "has " + written.rows() + " rows, " + rows + " were written",
                        "is the disk sound? Run again");
            }
        }
    }

    /** Drops the file, which will never be whole. */
    private void abandon(Exception reason) {
        if (done) {
            return;
        }
        done = true;
        try {
            writer.close();
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
        }
        AtomicFile.discard(storage, temporary, reason);
    }

    /** Drops it if it has not been published. */
    @Override
    public void close() {
        abandon(new IOException("closed before it was finished"));
    }
}
