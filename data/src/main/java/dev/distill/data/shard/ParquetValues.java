package dev.distill.data.shard;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** A row as plain values. Lists and maps are read in the form of the specification and in the older ones (LogicalTypes.md, "Nested Types"). */
final class ParquetValues {
    /** Of 1970-01-01, for the time stamps of old that count days like this. */
    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;

    private static final long DAY_SECONDS = 86_400;

    /** Behind a list's own name: its repeated field is the element. */
    private static final String TUPLE = "_tuple";

    private ParquetValues() {}

    static Map<String, @Nullable Object> of(Row row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        GroupType type = row.type();
        for (int field = 0; field < type.getFieldCount(); field++) {
            values.put(type.getFieldName(field), field(row, field));
        }
        return values;
    }

    private static @Nullable Object field(Row row, int field) {
        Type type = row.type().getType(field);
        Object value = row.value(field);
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            return all(row, field);
        }
        return value == null ? null : plain(type, value);
    }

    private static List<?> repeated(Row row, int field) {
        Object values = row.value(field);
        return values == null ? List.of() : (List<?>) values;
    }

    private static List<@Nullable Object> all(Row row, int field) {
        Type type = row.type().getType(field);
        List<@Nullable Object> values = new ArrayList<>();
        for (Object value : repeated(row, field)) {
            values.add(plain(type, value));
        }
        return values;
    }

    private static Object plain(Type type, Object value) {
        if (type.isPrimitive()) {
            return primitive(type, value);
        }
        Row inner = (Row) value;
        GroupType group = inner.type();
        if (group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED)) {
            LogicalTypeAnnotation meaning = group.getLogicalTypeAnnotation();
            if (meaning instanceof ListLogicalTypeAnnotation) {
                return list(inner);
            }
            // MAP_KEY_VALUE: some writers say it of the map itself, not of its entries, which never come here.
            if ((meaning instanceof MapLogicalTypeAnnotation || meaning instanceof MapKeyValueTypeAnnotation)
                    && !group.getType(0).isPrimitive()) {
                return map(inner);
            }
        }
        return of(inner);
    }

    private static List<@Nullable Object> list(Row list) {
        if (!isWrapper(list.type().getType(0), list.type().getName())) {
            return all(list, 0);
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (Object entry : repeated(list, 0)) {
            values.add(field((Row) entry, 0));
        }
        return values;
    }

    /** Whether the repeated field of a list only holds the element; else it is the element. */
    private static boolean isWrapper(Type repeated, String list) {
        if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) {
            return false;
        }
        String name = repeated.getName();
        boolean saysElement = name.equals("array") || (name.endsWith(TUPLE) && name.equals(list + TUPLE));
        return !saysElement && !repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    private static Map<String, @Nullable Object> map(Row entries) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Object each : repeated(entries, 0)) {
            Row entry = (Row) each;
            values.put(String.valueOf(field(entry, 0)), entry.type().getFieldCount() > 1 ? field(entry, 1) : null);
        }
        return values;
    }

    private static Object primitive(Type type, Object value) {
        if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            BigInteger unscaled = value instanceof Binary bytes
                    ? new BigInteger(bytes.getBytes())
                    : BigInteger.valueOf(((Number) value).longValue());
            return new BigDecimal(unscaled, decimal.getScale());
        }
        return switch (value) {
            case Integer number -> isUnsigned(type) ? Integer.toUnsignedLong(number) : (long) number;
            case Long number when number < 0 && isUnsigned(type) -> new BigDecimal(Long.toUnsignedString(number));
            case Float number -> (double) number;
            case Binary bytes
            when type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96 ->
                time(bytes.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN)).toString();
            case Binary bytes -> bytes.toStringUsingUTF8();
            default -> value;
        };
    }

    private static boolean isUnsigned(Type type) {
        return type.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    }

    /** Nanoseconds of the day, and the day: what Spark and Hive wrote before there were time stamps. */
    private static Instant time(ByteBuffer bytes) {
        long nanos = bytes.getLong();
        return Instant.ofEpochSecond((bytes.getInt() - JULIAN_DAY_OF_EPOCH) * DAY_SECONDS, nanos);
    }
}
