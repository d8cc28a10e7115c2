package dev.distill.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a Parquet file that somebody else wrote, whatever its columns, each as a map of plain values: texts, whole numbers
 * ({@code Long}), {@code Double}, {@code BigDecimal}, {@code Boolean}, lists and maps of these, null. Only the columns that are
 * asked for are read. Holds one row group in memory, compressed.
 */
public final class ParquetRows implements Closeable {
    private static final String CURE = "is it the whole file? fetch it or copy it again";

    private final Path file;
    private final ParquetFileReader reader;
    private final List<String> columns;
    private final MessageType wanted;
    private @Nullable RecordReader<Group> group;
    private long leftInGroup;
    private long row;

    private ParquetRows(Path file, ParquetFileReader reader, Predicate<String> wanted) {
        this.file = file;
        this.reader = reader;
        MessageType schema = reader.getFileMetaData().getSchema();
        this.columns = schema.getFields().stream().map(Type::getName).toList();
        this.wanted = new MessageType(
                schema.getName(),
                schema.getFields().stream()
                        .filter(column -> wanted.test(column.getName()))
                        .toList());
        reader.setRequestedSchema(this.wanted);
    }

    /**
     * Opens a file.
     *
     * @param wanted which of its columns to read, by their names
     * @throws ShardException if it is no Parquet file
     */
    public static ParquetRows open(Path file, Predicate<String> wanted) {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ForeignCodecs())
                .usePageChecksumVerification()
                .build();
        try {
            return new ParquetRows(file, ParquetFileReader.open(new LocalInputFile(file), options), wanted);
        } catch (IOException | RuntimeException e) {
            throw new ShardException(file, "is no readable Parquet file (" + e.getMessage() + ")", CURE, e);
        }
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
        try {
            while (leftInGroup == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                group = new ColumnIOFactory()
                        .getColumnIO(wanted, reader.getFileMetaData().getSchema())
                        .getRecordReader(pages, new GroupRecordConverter(wanted));
                leftInGroup = pages.getRowCount();
            }
            if (group == null) {
                throw new IllegalStateException("a row group has been opened above");
            }
            Map<String, @Nullable Object> values = ParquetValues.of(group.read());
            leftInGroup--;
            row++;
            return values;
        } catch (IOException | RuntimeException e) {
            throw new ShardException(file, "row " + (row + 1) + " cannot be read (" + e.getMessage() + ")", CURE, e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
