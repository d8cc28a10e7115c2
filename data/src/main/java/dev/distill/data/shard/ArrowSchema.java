package dev.distill.data.shard;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of {@link TraceSchema#PARQUET} in Arrow's words, in the same order, with the same names. */
final class ArrowSchema {
    /** Those of {@code traces/1}. */
    private static final List<Field> FIRST = List.of(
            text("id"),
            text("prompt_id"),
            integer("sample", Integer.SIZE),
            list("messages", text("role"), text("content")),
            nullableText("reasoning"),
            text("answer"),
            text("raw_reply"),
            text("finish"),
            nullableText("reference"),
            text("source"),
            text("teacher"),
            map("parameters"),
            struct(
                    "usage",
                    integer("prompt_tokens", Long.SIZE),
                    integer("cache_hit_tokens", Long.SIZE),
                    integer("completion_tokens", Long.SIZE),
                    integer("reasoning_tokens", Long.SIZE)),
            struct("cost", text("amount"), text("currency")),
            integer("attempts", Integer.SIZE),
            field("completed_at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            list("verdicts", text("by"), text("outcome"), text("reason")));

    static final Schema TRACES = new Schema(
            Stream.concat(FIRST.stream(), Stream.of(nullableText("domain"), nullableText("licence"), map("extra")))
                    .toList(),
            Map.of(ShardForm.KEY, TraceSchema.NAME_AND_VERSION));

    private ArrowSchema() {}

    private static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.notNullable(type), List.of(children));
    }

    private static Field text(String name) {
        return field(name, ArrowType.Utf8.INSTANCE);
    }

    private static Field nullableText(String name) {
        return new Field(name, FieldType.nullable(ArrowType.Utf8.INSTANCE), List.of());
    }

    private static Field integer(String name, int bits) {
        return field(name, new ArrowType.Int(bits, true));
    }

    private static Field struct(String name, Field... children) {
        return field(name, ArrowType.Struct.INSTANCE, children);
    }

    private static Field list(String name, Field... elementFields) {
        return field(name, ArrowType.List.INSTANCE, struct("element", elementFields));
    }

    private static Field map(String name) {
        Field entries = struct(MapVector.DATA_VECTOR_NAME, text(MapVector.KEY_NAME), text(MapVector.VALUE_NAME));
        return field(name, new ArrowType.Map(false), entries);
    }

    /** Whether these are the columns of a version that is read. */
    static boolean areRead(Schema schema) {
        return schema.getFields().equals(TRACES.getFields())
                || schema.getFields().equals(FIRST);
    }
}
