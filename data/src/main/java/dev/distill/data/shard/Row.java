package dev.distill.data.shard;

import java.util.List;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one row, or of a group in it, as they were read: {@code String}, {@code Binary}, {@code Integer}, {@code Long},
 * {@code Float}, {@code Double}, {@code Boolean}, a {@code Row}, or, of a repeated field, a list of these.
 */
final class Row {
    private final GroupType type;
    private final @Nullable Object[] values;

    /** @param values in the order of the type's fields; null where there is none; kept, not copied */
    Row(GroupType type, @Nullable Object[] values) {
        this.type = type;
        this.values = values;
    }

    GroupType type() {
        return type;
    }

    /** A field by its place; null where it has no value. */
    @Nullable
    Object value(int field) {
        return values[field];
    }

    private Object required(String name) {
        Object value = values[type.getFieldIndex(name)];
        if (value == null) {
            throw new ParquetDecodingException("column " + name + " has no value, and must have one");
        }
        return value;
    }

    String text(String name) {
        return (String) required(name);
    }

    /** Null where it has no value, or the version has no such column. */
    @Nullable
    String textOrNull(String name) {
        return type.containsField(name) ? (String) values[type.getFieldIndex(name)] : null;
    }

    int integer(String name) {
        return (Integer) required(name);
    }

    long number(String name) {
        return (Long) required(name);
    }

    byte[] bytes(String name) {
        return ((Binary) required(name)).getBytes();
    }

    Row row(String name) {
        return (Row) required(name);
    }

    /** Of a repeated group. */
    @SuppressWarnings("unchecked") // a repeated field's value is made a list, and a group's elements are rows
    List<Row> rows(String name) {
        Object list = values[type.getFieldIndex(name)];
        return list == null ? List.of() : (List<Row>) list;
    }
}
