package dev.distill.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a Parquet file that somebody else wrote, whatever its columns, each as a map of plain values: texts, whole numbers
 * ({@code Long}; {@code BigDecimal} beyond it), {@code Double}, {@code BigDecimal}, {@code Boolean}, lists and maps of these, null. Only the columns that are
 * asked for are read. See {@link ParquetPrefetch} for what is held.
 */
public final class ParquetRows implements Closeable {
    private static final String CURE = "is it the whole file? fetch it or copy it again";

    private final Path file;
    private final List<String> columns;
    private final MessageType wanted;
    private final ParquetPrefetch<Map<String, @Nullable Object>> rows;

    private ParquetRows(ParquetInput input, Predicate<String> wanted) {
        MessageType schema = input.schema();
        this.columns = schema.getFields().stream().map(Type::getName).toList();
        this.wanted = new MessageType(
                schema.getName(),
                schema.getFields().stream()
                        .filter(column -> wanted.test(column.getName()))
                        .toList());
        this.rows = new ParquetPrefetch<>(input, this.wanted, ParquetValues::of);
        this.file = input.file();
    }

    /**
     * Opens a file.
     *
     * @param wanted which of its columns to read, by their names
     * @throws ShardException if it is no Parquet file
     */
    public static ParquetRows open(Path file, Predicate<String> wanted) {
        ParquetInput input = ParquetInput.open(file, CURE, ForeignCodecs::new);
        for (BlockMetaData group : input.groups()) {
            for (ColumnChunkMetaData column : group.getColumns()) {
                if (!ForeignCodecs.reads(column.getCodec())) {
                    throw new ShardException(
                            file,
                            "is compressed with " + column.getCodec() + "; Snappy, gzip, Zstandard and none are read",
                            "write it again, as in Python with pyarrow.parquet.write_table(table, file, compression='zstd')");
                }
            }
        }
        return new ParquetRows(input, wanted);
    }

    /** All columns of the file at the top, read or not. */
    public List<String> columns() {
        return columns;
    }

    /** The next row, of the columns asked for; null behind the last. */
    public @Nullable Map<String, @Nullable Object> next() {
        if (wanted.getFieldCount() == 0) {
            throw new IllegalStateException("parquet " + file + ": no column of it was asked for");
        }
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
