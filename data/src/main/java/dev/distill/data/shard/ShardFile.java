package dev.distill.data.shard;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/**
 * One Parquet file that is being written, under a temporary name. It gets its own when it is whole: closed and synced, opened again and counted,
 * moved, its folder synced. What fails or is closed before leaves nothing.
 */
final class ShardFile<T> implements Closeable {
    /** How much of a long value the statistics keep, in bytes. */
    private static final int STATISTICS_BYTES = 64;

    private final ShardForm<T> form;
    private final Storage storage;
    private final Path target;
    private final Path temporary;
    private final ShardSize size;
    private final ParquetWriter<T> writer;
    private long rows;
    private boolean done;

    private ShardFile(
            ShardForm<T> form, Storage storage, Path target, Path temporary, ShardSize size, ParquetWriter<T> writer) {
        this.form = form;
        this.storage = storage;
        this.target = target;
        this.temporary = temporary;
        this.size = size;
        this.writer = writer;
    }

    static <T> ShardFile<T> create(ShardForm<T> form, Storage storage, Path target, ShardSize size) throws IOException {
        Path temporary = AtomicFile.temporaryFor(target);
        ParquetWriter<T> writer = writer(form, new StorageOutputFile(storage, temporary), size);
        return new ShardFile<>(form, storage, target, temporary, size, writer);
    }

    private static <T> ParquetWriter<T> writer(ShardForm<T> form, OutputFile file, ShardSize size) throws IOException {
        Builder<T> builder = new Builder<>(form, file)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize((long) size.rowGroupBytes())
                // A row may have a megabyte: look at the size after every one, not after a hundred.
                .withMinRowCountForPageSizeCheck(1)
                .withPageWriteChecksumEnabled(true)
                .withStatisticsTruncateLength(STATISTICS_BYTES)
                .withColumnIndexTruncateLength(STATISTICS_BYTES);
        for (String column : form.longValues()) {
            builder = builder.withDictionaryEncoding(column, false);
        }
        return builder.build();
    }

    void write(T row) throws IOException {
        try {
            writer.write(row);
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
        rows++;
    }

    boolean isFull() {
        return writer.getDataSize() >= size.fileBytes();
    }

    /** Completes the file, and gives it its name. */
    FileEntry publish() throws IOException {
        try {
            writer.close();
            checkRows();
            FileEntry entry = FileEntry.of(String.valueOf(target.getFileName()), temporary, rows);
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

    private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
        private final ShardForm<T> form;

        Builder(ShardForm<T> form, OutputFile file) {
            super(file);
            this.form = form;
        }

        @Override
        protected Builder<T> self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract in the class above, so it must be here
        protected WriteSupport<T> getWriteSupport(org.apache.hadoop.conf.Configuration configuration) {
            return form.writing().get();
        }

        @Override
        protected WriteSupport<T> getWriteSupport(org.apache.parquet.conf.ParquetConfiguration configuration) {
            return form.writing().get();
        }
    }
}
