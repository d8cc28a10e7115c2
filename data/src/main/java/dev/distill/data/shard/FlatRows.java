package dev.distill.data.shard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Rows to Parquet where every column is required and none holds others. */
final class FlatRows<T> extends WriteSupport<T> {
    private final MessageType schema;
    private final Map<String, String> metadata;
    private final Function<T, List<?>> columns;
    private @Nullable RecordConsumer consumer;

    /**
     * A writer of such rows.
     *
     * @param version of the schema, for the file's footer
     * @param metadata more of it
     * @param columns a row's values in the order of the schema: text, {@code Integer} or {@code byte[]}
     */
    FlatRows(MessageType schema, String version, Map<String, String> metadata, Function<T, List<?>> columns) {
        this.schema = schema;
        this.metadata = new HashMap<>(metadata);
        this.metadata.put(ShardForm.KEY, version);
        this.columns = columns;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(schema, metadata);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the class above, so it must be here
    public WriteContext init(Configuration configuration) {
        throw new UnsupportedOperationException("shards are written without Hadoop's configuration");
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        this.consumer = recordConsumer;
    }

    @Override
    public void write(T row) {
        RecordConsumer out = Objects.requireNonNull(consumer, "prepareForWrite comes first");
        List<?> values = columns.apply(row);
        out.startMessage();
        for (int column = 0; column < values.size(); column++) {
            String name = schema.getFieldName(column);
            out.startField(name, column);
            switch (values.get(column)) {
                case String text -> out.addBinary(Binary.fromString(text));
                case Integer number -> out.addInteger(number);
                case byte[] bytes -> out.addBinary(Binary.fromConstantByteArray(bytes));
                default -> throw new IllegalArgumentException("no such column: " + values.get(column));
            }
            out.endField(name, column);
        }
        out.endMessage();
    }
}
