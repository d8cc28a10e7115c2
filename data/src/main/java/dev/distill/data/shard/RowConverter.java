package dev.distill.data.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Row}s of what Parquet reads. A few bytes of a file can stand for any number of long values: what a row takes is
 * counted, and one that is larger than {@link ReadLimits#row} is refused while it is made.
 */
final class RowConverter extends RecordMaterializer<Row> {
    private final Group root;
    private final long most = ReadLimits.row();
    private long size;
    private @Nullable Row row;

    RowConverter(MessageType type) {
        this.root = new Group(type, made -> row = made);
    }

    /** Bytes that the last row takes, about. */
    long size() {
        return size;
    }

    private void take(long bytes) {
        size += bytes;
        if (size > most) {
            throw new IllegalArgumentException("a row of more than " + most + " bytes");
        }
    }

    @Override
    public @Nullable Row getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private Converter converter(Type type, Consumer<Object> sink) {
        return type.isPrimitive()
                ? new Value(type.asPrimitiveType(), sink)
                : new Group(type.asGroupType(), sink::accept);
    }

    private final class Group extends GroupConverter {
        private static final int OVERHEAD = 48;

        private final GroupType type;
        private final Consumer<Row> sink;
        private final Converter[] fields;
        private @Nullable Object[] values;

        Group(GroupType type, Consumer<Row> sink) {
            this.type = type;
            this.sink = sink;
            this.values = new Object[type.getFieldCount()];
            this.fields = new Converter[type.getFieldCount()];
            for (int i = 0; i < fields.length; i++) {
                int field = i;
                Type of = type.getType(i);
                fields[i] = converter(
                        of,
                        of.isRepetition(Type.Repetition.REPEATED)
                                ? value -> add(field, value)
                                : value -> values[field] = value);
            }
        }

        @SuppressWarnings("unchecked") // only this puts a value there
        private void add(int field, Object value) {
            Object list = values[field];
            if (list == null) {
                list = new ArrayList<>();
                values[field] = list;
            }
            ((List<Object>) list).add(value);
        }

        @Override
        public Converter getConverter(int field) {
            return fields[field];
        }

        @Override
        public void start() {
            if (type instanceof MessageType) {
                size = 0;
            }
            values = new Object[fields.length];
            take(OVERHEAD + 8L * fields.length);
        }

        @Override
        public void end() {
            sink.accept(new Row(type, values));
        }
    }

    /** A text that stands in a dictionary is made once. */
    private final class Value extends PrimitiveConverter {
        private static final int OVERHEAD = 40;

        private final Consumer<Object> sink;
        private final boolean isText;
        private @Nullable Object[] dictionary = {};
        private int[] sizes = {};

        Value(PrimitiveType type, Consumer<Object> sink) {
            this.sink = sink;
            this.isText = type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
        }

        @Override
        public boolean hasDictionarySupport() {
            return isText;
        }

        @Override
        public void setDictionary(Dictionary values) {
            int entries = values.getMaxId() + 1;
            dictionary = new Object[entries];
            sizes = new int[entries];
            for (int i = 0; i < entries; i++) {
                Binary value = values.decodeToBinary(i);
                dictionary[i] = value.toStringUsingUTF8();
                sizes[i] = value.length();
            }
        }

        @Override
        public void addValueFromDictionary(int id) {
            Object value = dictionary[id];
            if (value == null) {
                throw new IllegalArgumentException("a dictionary has no entry " + id);
            }
            take(sizes[id] + OVERHEAD);
            sink.accept(value);
        }

        @Override
        public void addBinary(Binary value) {
            take(value.length() + OVERHEAD);
            sink.accept(isText ? value.toStringUsingUTF8() : value.copy());
        }

        @Override
        public void addInt(int value) {
            take(16);
            sink.accept(value);
        }

        @Override
        public void addLong(long value) {
            take(16);
            sink.accept(value);
        }

        @Override
        public void addFloat(float value) {
            take(16);
            sink.accept(value);
        }

        @Override
        public void addDouble(double value) {
            take(16);
            sink.accept(value);
        }

        @Override
        public void addBoolean(boolean value) {
            take(16);
            sink.accept(value);
        }
    }
}
