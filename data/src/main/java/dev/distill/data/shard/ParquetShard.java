package dev.distill.data.shard;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** One Parquet file of a shard folder, read row by row with page checksums verified. See {@link ParquetPrefetch} for what is held. */
final class ParquetShard<T> implements Closeable {
    private static final String CURE = "restore the file from a copy, or run the stage that wrote it again";

    private final ParquetInput input;
    private final MessageType columns;
    private final Function<Row, T> reading;
    private final ParquetPrefetch<T> values;

    private ParquetShard(ParquetInput input, MessageType columns, Function<Row, T> reading, ParquetPrefetch<T> values) {
        this.input = input;
        this.columns = columns;
        this.reading = reading;
        this.values = values;
    }

    /**
     * Opens a file and checks its footer; reads no row yet.
     *
     * @throws ShardException if it is damaged, or holds something else
     */
    static <T> ParquetShard<T> open(ShardForm<T> form, Path file) {
        ParquetInput input = ParquetInput.open(file, CURE, ZstdCodecs::new);
        String version = input.metadata().get(ShardForm.KEY);
        MessageType columns = version == null ? newestThatFits(form, input.schema()) : form.columnsOf(version);
        if (columns == null) {
            throw new ShardException(
                    file,
                    "holds " + version + ", this program reads " + form.readable(),
                    "use the version of Distill that wrote it, or a newer one");
        }
        // Columns that this version does not know are passed over; those that it needs must be there, with their type.
        try {
            input.schema().checkContains(columns);
        } catch (RuntimeException e) {
            throw new ShardException(
                    file,
                    "does not have the columns of " + (version == null ? form.nameAndVersion() : version) + " ("
                            + e.getMessage() + ")",
                    "docs/formats.md lists the columns; traces of other people come in with distill traces import FILE --to DIR",
                    e);
        }
        return new ParquetShard<>(
                input, columns, form.reading(), new ParquetPrefetch<>(input, columns, form.reading()));
    }

    /** The same file, of which some row groups are read, one after the other: from the first of them to before {@code end}. */
    ParquetShard<T> only(int from, int end) {
        return new ParquetShard<>(
                input, columns, reading, new ParquetPrefetch<>(input, columns, reading, from, end, 1));
    }

    /** The rows of each row group. */
    List<Long> groups() {
        return input.groups().stream().map(BlockMetaData::getRowCount).toList();
    }

    /** Files that others wrote need not name a version. */
    private static MessageType newestThatFits(ShardForm<?> form, MessageType found) {
        return form.older().values().stream()
                .filter(columns -> !has(found, form.columns()) && has(found, columns))
                .findAny()
                .orElse(form.columns());
    }

    private static boolean has(MessageType found, MessageType columns) {
        return columns.getFields().stream().allMatch(column -> found.containsField(column.getName()));
    }

    Path file() {
        return input.file();
    }

    /** What the file's writer says of it. */
    Map<String, String> metadata() {
        return input.metadata();
    }

    /** Rows according to the footer. */
    long rows() {
        return input.rows();
    }

    /** Begins to read ahead, as {@link #next} would. */
    void start() {
        values.start();
    }

    /** The next row; null behind the last. */
    @Nullable
    T next() {
        return values.next();
    }

    @Override
    public void close() {
        values.close();
    }
}
