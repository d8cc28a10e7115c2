package dev.distill.data.shard;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a shard are.
 *
 * @param nameAndVersion of the columns, as each file's metadata names it under {@link #KEY}
 * @param columns those that are read and written; a file may have others beside them
 * @param older columns of earlier versions that are read, by name and version
 * @param writing makes what writes rows to one file
 * @param reading makes a value of a row
 * @param longValues columns that hardly repeat: a dictionary of them is built, found too large and thrown away
 */
record ShardForm<T>(
        String nameAndVersion,
        MessageType columns,
        Map<String, MessageType> older,
        Supplier<WriteSupport<T>> writing,
        Function<Group, T> reading,
        List<String> longValues) {
    /** Of each file's metadata. */
    static final String KEY = "distill.schema";

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
}
