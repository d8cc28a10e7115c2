package dev.distill.data.shard;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.schema.MessageType;

/**
 * What the rows of a shard are.
 *
 * @param nameAndVersion of the columns, as each file's metadata names it under {@link #KEY}
 * @param columns those that are read and written; a file may have others beside them
 * @param writing makes what writes rows to one file
 * @param reading makes a value of a row
 * @param longValues columns that hardly repeat: a dictionary of them is built, found too large and thrown away
 */
record ShardForm<T>(
        String nameAndVersion,
        MessageType columns,
        Supplier<WriteSupport<T>> writing,
        Function<Group, T> reading,
        List<String> longValues) {
    /** Of each file's metadata. */
    static final String KEY = "distill.schema";
}
