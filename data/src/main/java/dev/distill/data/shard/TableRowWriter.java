package dev.distill.data.shard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Maps of plain values to Parquet, every column optional, lists in the form of the specification (LogicalTypes.md). {@link ParquetValues} reads them. */
final class TableRowWriter extends WriteSupport<Map<String, @Nullable Object>> {
    private final List<TableColumn> columns;
    private final MessageType schema;
    private @Nullable RecordConsumer consumer;

    TableRowWriter(List<TableColumn> columns) {
        this.columns = columns;
        this.schema = schema(columns);
    }

    static MessageType schema(List<TableColumn> columns) {
        return new MessageType(
                "row",
                columns.stream()
                        .map(column -> type(column.name(), column.type()))
                        .toList());
    }

    private static Type type(String name, TableColumn.Type type) {
        return switch (type) {
            case TableColumn.Plain plain ->
                switch (plain) {
                    case TEXT ->
                        Types.optional(PrimitiveTypeName.BINARY)
                                .as(LogicalTypeAnnotation.stringType())
                                .named(name);
                    case WHOLE -> Types.optional(PrimitiveTypeName.INT64).named(name);
                    case FLAG -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
                };
            case TableColumn.ListOf(TableColumn.Type element) ->
                Types.optionalList().element(type("element", element)).named(name);
            case TableColumn.Struct(List<TableColumn> fields) ->
                new GroupType(
                        Type.Repetition.OPTIONAL,
                        name,
                        fields.stream()
                                .map(field -> type(field.name(), field.type()))
                                .toList());
        };
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(schema, Map.of());
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the class above, so it must be here
    public WriteContext init(Configuration configuration) {
        throw new UnsupportedOperationException("tables are written without Hadoop's configuration");
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        this.consumer = recordConsumer;
    }

    @Override
    public void write(Map<String, @Nullable Object> row) {
        RecordConsumer out = Objects.requireNonNull(consumer, "prepareForWrite comes first");
        out.startMessage();
        fields(out, columns, row);
        out.endMessage();
    }

    private static void fields(RecordConsumer out, List<TableColumn> columns, Map<?, ?> row) {
        for (int i = 0; i < columns.size(); i++) {
            TableColumn column = columns.get(i);
            Object value = row.get(column.name());
            if (value != null) {
                out.startField(column.name(), i);
                value(out, column.type(), value);
                out.endField(column.name(), i);
            }
        }
    }

    private static void value(RecordConsumer out, TableColumn.Type type, Object value) {
        switch (type) {
            case TableColumn.Plain plain -> plain(out, plain, value);
            case TableColumn.Struct(List<TableColumn> fields) -> {
                out.startGroup();
                fields(out, fields, (Map<?, ?>) value);
                out.endGroup();
            }
            case TableColumn.ListOf(TableColumn.Type element) -> list(out, element, (List<?>) value);
        }
    }

    private static void plain(RecordConsumer out, TableColumn.Plain type, Object value) {
        switch (type) {
            // Not Binary.fromString: that fails for half a surrogate pair, which a reply that was cut may hold.
            case TEXT -> out.addBinary(Binary.fromConstantByteArray(((String) value).getBytes(StandardCharsets.UTF_8)));
            case WHOLE -> out.addLong(((Number) value).longValue());
            case FLAG -> out.addBoolean((Boolean) value);
        }
    }

    private static void list(RecordConsumer out, TableColumn.Type element, List<?> values) {
        out.startGroup();
        if (!values.isEmpty()) { // a repeated field without an entry must not be started at all
            out.startField("list", 0);
            for (Object value : values) {
                out.startGroup();
                if (value != null) {
                    out.startField("element", 0);
                    value(out, element, value);
                    out.endField("element", 0);
                }
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }
}
