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

    private Object required(int field) {
        Object value = values[field];
        if (value == null) {
            throw new ParquetDecodingException(
                    "column " + type.getFieldName(field) + " has no value, and must have one");
        }
        return value;
    }

    String text(String name) {
        return text(type.getFieldIndex(name));
    }

    String text(int field) {
        return (String) required(field);
    }

    /** Null where it has no value, or the version has no such column. */
    @Nullable
    String textOrNull(int field) {
        return field < values.length ? (String) values[field] : null;
    }

    int integer(String name) {
        return integer(type.getFieldIndex(name));
    }

    int integer(int field) {
        return (Integer) required(field);
    }

    long number(int field) {
        return (Long) required(field);
    }

    byte[] bytes(String name) {
        return ((Binary) required(type.getFieldIndex(name))).getBytes();
    }

    Row row(int field) {
        return (Row) required(field);
    }

    /** Of a repeated group. */
    @SuppressWarnings("unchecked") // a repeated field's value is made a list, and a group's elements are rows
    List<Row> rows(int field) {
        Object list = values[field];
        return list == null ? List.of() : (List<Row>) list;
    }
}
