package dev.distill.data.shard;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a shard are.
 *
 * @param nameAndVersion of the columns, as each file's metadata names it under {@link #KEY}
 * @param columns those that are read and written; a file may have others beside them
 * @param older columns of earlier versions that are read, by name and version
 * @param metadata of each file, beside the version
 * @param writing writes a row; on several threads at once
 * @param reading makes a value of a row; on several threads at once
 * @param size of a row: about how many bytes or characters it has
 * @param longValues columns that hardly repeat: a dictionary of them is built, found too large and thrown away
 * @param key the column by whose value rows are looked for: it gets a bloom filter
 */
record ShardForm<T>(
        String nameAndVersion,
        MessageType columns,
        Map<String, MessageType> older,
        Map<String, String> metadata,
        Writing<T> writing,
        Function<Row, T> reading,
        ToLongFunction<T> size,
        Set<String> longValues,
        String key) {
    /** Of each file's metadata. */
    static final String KEY = "distill.schema";

    /** How much of a long value the statistics keep, in bytes. */
    private static final int STATISTICS_BYTES = 64;
    /** Ids that a bloom filter takes for present although they are not: one of a hundred. */
    private static final double FALSE_POSITIVES = 0.01;

    /** Writes the values of a row, in the order of the columns. */
    @FunctionalInterface
    interface Writing<T> {
        void write(ColumnCursor out, T row);
    }

    /** The columns of a version; null if it is none that is read. */
    @Nullable
    MessageType columnsOf(String version) {
        return version.equals(nameAndVersion) ? columns : older.get(version);
    }

    /** The versions that are read, for messages. */
    String readable() {
        return Stream.concat(older.keySet().stream().sorted(), Stream.of(nameAndVersion))
                .collect(Collectors.joining(" and "));
    }

    /** How a row group of so many rows is encoded. */
    ParquetProperties properties(int rows) {
        ParquetProperties.Builder builder = ParquetProperties.builder()
                // A row may have a megabyte: look at the size after every one, not after a hundred.
                .withMinRowCountForPageSizeCheck(1)
                .withPageWriteChecksumEnabled(true)
                .withStatisticsTruncateLength(STATISTICS_BYTES)
                .withColumnIndexTruncateLength(STATISTICS_BYTES)
                .withBloomFilterEnabled(key, true)
                .withBloomFilterNDV(key, Math.max(1, rows))
                .withBloomFilterFPP(key, FALSE_POSITIVES);
        for (String column : longValues) {
            builder = builder.withDictionaryEncoding(column, false);
        }
        return builder.build();
    }
}
