package dev.distill.data.shard;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.jspecify.annotations.Nullable;

/** One file of a {@link TableWriter}, row by row through Parquet's own writer; it has its name only when it is whole. For one thread. */
final class TableFile implements Closeable {
    private final Storage storage;
    private final Path target;
    private final Path temporary;
    private final ShardSize size;
    private final ParquetWriter<Map<String, @Nullable Object>> writer;
    private long rows;
    private boolean done;

    TableFile(Storage storage, Path target, List<TableColumn> columns, ShardSize size) throws IOException {
        this.storage = storage;
        this.target = target;
        this.temporary = AtomicFile.temporaryFor(target);
        this.size = size;
        this.writer = new Builder(new StorageOutputFile(storage, temporary), columns)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize((long) size.rowGroupBytes())
                .withMinRowCountForPageSizeCheck(1)
                .withPageWriteChecksumEnabled(true)
                .build();
    }

    void write(Map<String, @Nullable Object> row) throws IOException {
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

    /** Completes the file, and gives it its name; returns its rows. */
    long publish() throws IOException {
        try {
            writer.close();
            AtomicFile.publish(storage, temporary, target);
            done = true;
            return rows;
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
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

    private static final class Builder extends ParquetWriter.Builder<Map<String, @Nullable Object>, Builder> {
        private final List<TableColumn> columns;

        Builder(OutputFile file, List<TableColumn> columns) {
            super(file);
            this.columns = columns;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract in the class above, so it must be here
        protected WriteSupport<Map<String, @Nullable Object>> getWriteSupport(
                org.apache.hadoop.conf.Configuration configuration) {
            return new TableRowWriter(columns);
        }

        @Override
        protected WriteSupport<Map<String, @Nullable Object>> getWriteSupport(ParquetConfiguration configuration) {
            return new TableRowWriter(columns);
        }
    }
}
