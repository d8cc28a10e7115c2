package dev.distill.data.shard;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** A row as plain values. Lists are read in the form of the specification and in the older ones (LogicalTypes.md, "Lists"). */
final class ParquetValues {
    private ParquetValues() {}

    static Map<String, @Nullable Object> of(Group group) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        GroupType type = group.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            values.put(type.getFieldName(field), field(group, field));
        }
        return values;
    }

    private static @Nullable Object field(Group group, int field) {
        Type type = group.getType().getType(field);
        int count = group.getFieldRepetitionCount(field);
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            return all(group, field);
        }
        return count == 0 ? null : value(group, field, 0);
    }

    private static List<@Nullable Object> all(Group group, int field) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int index = 0; index < group.getFieldRepetitionCount(field); index++) {
            values.add(value(group, field, index));
        }
        return values;
    }

    private static @Nullable Object value(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            return primitive(group, field, index);
        }
        Group inner = group.getGroup(field, index);
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (meaning instanceof ListLogicalTypeAnnotation && inner.getType().getFieldCount() == 1) {
            return list(inner);
        }
        return meaning instanceof MapLogicalTypeAnnotation && inner.getType().getFieldCount() == 1
                ? map(inner)
                : of(inner);
    }

    /** {@code list.element}; where the repeated field is no group of one field, it is the element itself. */
    private static List<@Nullable Object> list(Group list) {
        Type repeated = list.getType().getType(0);
        boolean wrapped = !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array");
        if (!wrapped) {
            return all(list, 0);
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int index = 0; index < list.getFieldRepetitionCount(0); index++) {
            values.add(field(list.getGroup(0, index), 0));
        }
        return values;
    }

    private static Map<String, @Nullable Object> map(Group entries) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int index = 0; index < entries.getFieldRepetitionCount(0); index++) {
            Group entry = entries.getGroup(0, index);
            values.put(String.valueOf(field(entry, 0)), entry.getType().getFieldCount() > 1 ? field(entry, 1) : null);
        }
        return values;
    }

    private static Object primitive(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
        if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            BigInteger unscaled = switch (name) {
                case INT32 -> BigInteger.valueOf(group.getInteger(field, index));
                case INT64 -> BigInteger.valueOf(group.getLong(field, index));
                case BINARY, FIXED_LEN_BYTE_ARRAY ->
                    new BigInteger(group.getBinary(field, index).getBytes());
                case BOOLEAN, FLOAT, DOUBLE, INT96 ->
                    throw new IllegalArgumentException("column " + type.getName() + " is a decimal in " + name);
            };
            return new BigDecimal(unscaled, decimal.getScale());
        }
        return switch (name) {
            case INT32 -> (long) group.getInteger(field, index);
            case INT64 -> group.getLong(field, index);
            case FLOAT -> (double) group.getFloat(field, index);
            case DOUBLE -> group.getDouble(field, index);
            case BOOLEAN -> group.getBoolean(field, index);
            case BINARY -> group.getBinary(field, index).toStringUsingUTF8();
            case INT96, FIXED_LEN_BYTE_ARRAY -> group.getValueToString(field, index);
        };
    }
}
