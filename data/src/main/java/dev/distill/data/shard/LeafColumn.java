package dev.distill.data.shard;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** The values of one column of a row group, one after the other. A text that stands in a dictionary is made once. */
final class LeafColumn {
    private static final int BINARY_OVERHEAD = 40;
    private static final int NUMBER = 16;

    private final ColumnReader reader;
    private final Value value;
    private final int most;
    private final int least;
    private long left;

    LeafColumn(ColumnDescriptor column, PageReadStore pages, RowSize size) {
        this.value = new Value(
                size, column.getPrimitiveType().getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation);
        this.most = column.getMaxDefinitionLevel();
        this.least = column.getPrimitiveType().isRepetition(Type.Repetition.OPTIONAL) ? most - 1 : most;
        // Which writer it was does not matter: none is known here whose values must be read otherwise.
        this.reader = new ColumnReaderImpl(column, pages.getPageReader(column), value, null);
        this.left = reader.getTotalValueCount();
    }

    /** Of the next value: level at which it repeats; 0 behind the last. */
    int repetition() {
        return reader.getCurrentRepetitionLevel();
    }

    /** Of the next value: level at which it is defined. */
    int definition() {
        return reader.getCurrentDefinitionLevel();
    }

    /** The next value, which repeats at this level; null where there is none. */
    @Nullable
    Object next(int repetition) {
        check(repetition);
        Object found = null;
        if (reader.getCurrentDefinitionLevel() == most) {
            reader.writeCurrentValueToConverter();
            found = value.last;
        } else if (reader.getCurrentDefinitionLevel() != least) {
            throw odd("no value where its neighbours have one");
        }
        reader.consume();
        return found;
    }

    /** Passes over a value that is not there; the innermost field above that is there is defined at this level. */
    void skip(int repetition, int above) {
        check(repetition);
        int found = reader.getCurrentDefinitionLevel();
        if (found != above) {
            throw odd(
                    found == most
                            ? "a value where its neighbours have none"
                            : "no value at level " + found + " where its neighbours have none at " + above);
        }
        reader.consume();
    }

    void end() {
        if (left > 0) {
            throw odd(left + (left == 1 ? " value" : " values") + " behind its last row");
        }
    }

    private void check(int repetition) {
        if (left == 0) {
            throw odd("fewer values than its neighbours");
        }
        left--;
        if (reader.getCurrentRepetitionLevel() != repetition) {
            throw odd("a value that repeats at " + reader.getCurrentRepetitionLevel() + ", not at " + repetition);
        }
    }

    private ParquetDecodingException odd(String what) {
        return new ParquetDecodingException(
                "column " + String.join(".", reader.getDescriptor().getPath()) + " has " + what);
    }

    /** Takes a value from Parquet's reader. */
    private static final class Value extends PrimitiveConverter {
        private final RowSize size;
        private final boolean isText;
        private @Nullable Object[] dictionary = {};
        private int[] sizes = {};
        private @Nullable Object last;

        Value(RowSize size, boolean isText) {
            this.size = size;
            this.isText = isText;
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
            size.add(sizes[id] + BINARY_OVERHEAD);
            last = value;
        }

        @Override
        public void addBinary(Binary value) {
            size.add(value.length() + BINARY_OVERHEAD);
            last = isText ? value.toStringUsingUTF8() : Binary.fromConstantByteArray(value.getBytes());
        }

        @Override
        public void addInt(int value) {
            number(value);
        }

        @Override
        public void addLong(long value) {
            number(value);
        }

        @Override
        public void addFloat(float value) {
            number(value);
        }

        @Override
        public void addDouble(double value) {
            number(value);
        }

        @Override
        public void addBoolean(boolean value) {
            number(value);
        }

        private void number(Object value) {
            size.add(NUMBER);
            last = value;
        }
    }
}
