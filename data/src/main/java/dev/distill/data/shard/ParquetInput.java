package dev.distill.data.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/**
 * A Parquet file whose footer has been read and compared with the file. A footer can claim anything: nothing is read, and no
 * memory taken, for a row group that does not lie in the file.
 */
final class ParquetInput {
    private final Path file;
    private final String cure;
    private final Supplier<? extends CompressionCodecFactory> codecs;
    private final ParquetMetadata footer;

    private ParquetInput(
            Path file, String cure, Supplier<? extends CompressionCodecFactory> codecs, ParquetMetadata footer) {
        this.file = file;
        this.cure = cure;
        this.codecs = codecs;
        this.footer = footer;
    }

    /**
     * Reads the footer.
     *
     * @param cure what to do about a file that cannot be read
     * @param codecs made for each row group
     * @throws ShardException if it is no Parquet file or a damaged one, or if this machine cannot read it
     */
    static ParquetInput open(Path file, String cure, Supplier<? extends CompressionCodecFactory> codecs) {
        ParquetInput input;
        try (ParquetFileReader reader = ParquetFileReader.open(new FileInput(file), options(codecs))) {
            input = new ParquetInput(file, cure, codecs, reader.getFooter());
        } catch (IOException | RuntimeException | Error e) {
            throw ReadFailure.of(file, "is no readable Parquet file", cure, e);
        }
        try {
            input.checkRowGroups();
        } catch (IOException | RuntimeException e) {
            throw e instanceof ShardException shard ? shard : ReadFailure.of(file, "has a damaged footer", cure, e);
        }
        return input;
    }

    private static ParquetReadOptions options(Supplier<? extends CompressionCodecFactory> codecs) {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(codecs.get())
                .usePageChecksumVerification()
                .build();
    }

    private void checkRowGroups() throws IOException {
        long length = new FileInput(file).getLength();
        for (BlockMetaData block : groups()) {
            if (block.getRowCount() < 0) {
                throw new ShardException(file, "claims a row group of " + block.getRowCount() + " rows", cure);
            }
            for (ColumnChunkMetaData column : block.getColumns()) {
                checkValues(block, column);
                long start = column.getStartingPos();
                long bytes = column.getTotalSize();
                if (start < 0 || bytes < 0 || start > length || bytes > length - start) {
                    throw new ShardException(
                            file,
                            "claims " + bytes + " bytes of column " + column.getPath() + " at byte " + start
                                    + ", but has " + length + " bytes",
                            cure);
                }
            }
        }
    }

    /**
     * Compares what these columns have in each row group, which is read together, with what a reader may take.
     *
     * @throws ShardException if it is more
     */
    void checkSizes(MessageType columns, int fromGroup, int endGroup) {
        Set<ColumnPath> read = columns.getColumns().stream()
                .map(column -> ColumnPath.get(column.getPath()))
                .collect(Collectors.toSet());
        for (BlockMetaData block : groups().subList(fromGroup, endGroup)) {
            long bytes = block.getColumns().stream()
                    .filter(column -> read.contains(column.getPath()))
                    .mapToLong(ColumnChunkMetaData::getTotalSize)
                    .sum();
            if (bytes > ReadLimits.rowGroup()) {
                throw new ShardException(
                        file,
                        "has a row group of " + bytes + " bytes in the columns that are read, which is more than "
                                + ReadLimits.rowGroup() + ", a quarter of this program's memory or 1 GiB",
                        "give it more (-Xmx), or write the file with smaller row groups");
            }
        }
    }

    /** A column outside lists has a value, or a null, for each row; if it is said to have another number, rows would be lost. */
    private void checkValues(BlockMetaData block, ColumnChunkMetaData column) {
        String[] path = column.getPath().toArray();
        if (schema().getMaxRepetitionLevel(path) == 0 && column.getValueCount() != block.getRowCount()) {
            throw new ShardException(
                    file,
                    "claims " + column.getValueCount() + " values of column " + column.getPath() + " in a row group of "
                            + block.getRowCount() + " rows",
                    cure);
        }
    }

    Path file() {
        return file;
    }

    MessageType schema() {
        return footer.getFileMetaData().getSchema();
    }

    /** What the file's writer says of it. */
    Map<String, String> metadata() {
        return footer.getFileMetaData().getKeyValueMetaData();
    }

    List<BlockMetaData> groups() {
        return footer.getBlocks();
    }

    /** Rows according to the footer. */
    long rows() {
        return groups().stream().mapToLong(BlockMetaData::getRowCount).sum();
    }

    /** That this row, or one behind it, could not be read. */
    ShardException unreadable(long row, Throwable e) {
        return ReadFailure.of(file, "row " + row + " of " + rows() + " cannot be read", cure, e);
    }

    /** Takes the rows of a group, one after the other. */
    @FunctionalInterface
    interface Sink {
        /** @param size about how many bytes the row takes */
        void accept(Row row, long size) throws InterruptedException;
    }

    /** Reads these columns of a row group, page checksums verified. */
    void read(int group, MessageType columns, Sink sink) throws IOException, InterruptedException {
        FileInput input = new FileInput(file);
        try (ParquetFileReader reader = ParquetFileReader.open(input, footer, options(codecs), input.newStream())) {
            reader.setRequestedSchema(columns);
            PageReadStore pages = reader.readRowGroup(group);
            RowAssembly rows = new RowAssembly(columns, new PageGuard(pages));
            for (long left = pages.getRowCount(); left > 0; left--) {
                sink.accept(rows.next(), rows.size());
            }
            rows.end();
        }
    }
}
