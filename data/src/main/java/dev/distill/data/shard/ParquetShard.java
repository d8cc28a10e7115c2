package dev.distill.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** One Parquet file of a shard folder, read row by row with page checksums verified. Holds one row group in memory, compressed. */
final class ParquetShard<T> implements Closeable {
    private static final String CURE = "restore the file from a copy, or run the stage that wrote it again";

    private final ShardForm<T> form;
    private final Path file;
    private final ParquetFileReader reader;
    private final MessageType columns;
    private final long rows;
    private @Nullable RecordReader<Group> group;
    private long leftInGroup;
    private long row;

    private ParquetShard(ShardForm<T> form, Path file, ParquetFileReader reader, MessageType columns, long rows) {
        this.form = form;
        this.file = file;
        this.reader = reader;
        this.columns = columns;
        this.rows = rows;
    }

    /** Opens a file and checks its footer; reads no row yet. */
    static <T> ParquetShard<T> open(ShardForm<T> form, Path file) {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs())
                .usePageChecksumVerification()
                .build();
        ParquetFileReader reader;
        try {
            reader = ParquetFileReader.open(new LocalInputFile(file), options);
        } catch (IOException | RuntimeException e) {
            throw new ShardException(file, "is no readable Parquet file (" + e.getMessage() + ")", CURE, e);
        }
        try {
            MessageType columns = columns(form, file, reader);
            checkColumns(form, columns, file, reader.getFileMetaData().getSchema());
            long rows = checkRowGroups(file, reader);
            reader.setRequestedSchema(columns);
            return new ParquetShard<>(form, file, reader, columns, rows);
        } catch (IOException | RuntimeException e) {
            closeAfter(reader, e);
            if (e instanceof ShardException shard) {
                throw shard;
            }
            throw new ShardException(file, "has a damaged footer (" + e.getMessage() + ")", CURE, e);
        }
    }

    private static void closeAfter(ParquetFileReader reader, Exception reason) {
        try {
            reader.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** The columns of the file's version. Files that others wrote need not name one: of these, the newest that they have. */
    private static MessageType columns(ShardForm<?> form, Path file, ParquetFileReader reader) {
        String version = reader.getFileMetaData().getKeyValueMetaData().get(ShardForm.KEY);
        if (version == null) {
            MessageType found = reader.getFileMetaData().getSchema();
            return form.older().values().stream()
                    .filter(columns -> !has(found, form.columns()) && has(found, columns))
                    .findAny()
                    .orElse(form.columns());
        }
        MessageType columns = form.columnsOf(version);
        if (columns == null) {
            throw new ShardException(
                    file,
                    "holds " + version + ", this program reads " + form.readable(),
                    "use the version of Distill that wrote it, or a newer one");
        }
        return columns;
    }

    private static boolean has(MessageType found, MessageType columns) {
        return columns.getFields().stream().allMatch(column -> found.containsField(column.getName()));
    }

    /** Columns that this version does not know are passed over; those that it needs must be there, with their type. */
    private static void checkColumns(ShardForm<?> form, MessageType columns, Path file, MessageType found) {
        try {
            found.checkContains(columns);
        } catch (RuntimeException e) {
            throw new ShardException(
                    file,
                    "does not have the columns of " + form.nameAndVersion() + " (" + e.getMessage() + ")",
                    "docs/formats.md lists the columns; other people's data comes in through the prompts of a recipe",
                    e);
        }
    }

    /** A footer can claim anything: nothing is read, and no memory taken, for a row group that does not lie in the file. */
    private static long checkRowGroups(Path file, ParquetFileReader reader) throws IOException {
        long length = new LocalInputFile(file).getLength();
        long rows = 0;
        for (BlockMetaData block : reader.getRowGroups()) {
            if (block.getRowCount() < 0) {
                throw new ShardException(file, "claims a row group of " + block.getRowCount() + " rows", CURE);
            }
            rows += block.getRowCount();
            for (ColumnChunkMetaData column : block.getColumns()) {
                long start = column.getStartingPos();
                long bytes = column.getTotalSize();
                if (start < 0 || bytes < 0 || start > length || bytes > length - start) {
                    throw new ShardException(
                            file,
                            "claims " + bytes + " bytes of column " + column.getPath() + " at byte " + start
                                    + ", but has " + length + " bytes",
                            CURE);
                }
            }
        }
        return rows;
    }

    Path file() {
        return file;
    }

    /** What the file's writer says of it. */
    Map<String, String> metadata() {
        return reader.getFileMetaData().getKeyValueMetaData();
    }

    /** Rows according to the footer. */
    long rows() {
        return rows;
    }

    /** The next row; null behind the last. */
    @Nullable
    T next() {
        try {
            while (leftInGroup == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return null;
                }
                MessageColumnIO io = new ColumnIOFactory()
                        .getColumnIO(columns, reader.getFileMetaData().getSchema());
                group = io.getRecordReader(pages, new GroupRecordConverter(columns));
                leftInGroup = pages.getRowCount();
            }
            if (group == null) {
                throw new IllegalStateException("a row group has been opened above");
            }
            T value = form.reading().apply(group.read());
            leftInGroup--;
            row++;
            return value;
        } catch (IOException | RuntimeException e) {
            throw new ShardException(
                    file, "row " + row + " of " + rows + " cannot be read (" + e.getMessage() + ")", CURE, e);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
