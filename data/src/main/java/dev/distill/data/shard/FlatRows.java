package dev.distill.data.shard;

import java.util.List;
import java.util.function.Function;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * Rows to Parquet where every column is required and none holds others.
 *
 * @param columns a row's values in the order of the schema: text, {@code Integer} or {@code byte[]}
 */
record FlatRows<T>(MessageType schema, Function<T, List<?>> columns) implements ShardForm.Writing<T> {
    @Override
    public void write(RecordConsumer out, T row) {
        List<?> values = columns.apply(row);
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
    }
}
