package dev.distill.data.shard;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a row into its columns, in the order of the schema's leaves. Straight to the column writers: half of the
 * time beside compression went into Parquet's own cursor, which finds out at each field where in a schema it is.
 *
 * <p>A value's levels (Dremel's, in Parquet's documentation): a list's element repeats at 1 but for the first, which repeats at 0, and
 * is defined at 1; an empty list, and an optional value that is missing, are defined at 0. Lists lie at the top, and their elements hold
 * required values only.
 */
final class ColumnCursor {
    private final ColumnWriteStore store;
    private final ColumnWriter[] leaves;
    private int at;
    private int repetition;
    private int definition;

    ColumnCursor(MessageType schema, ColumnWriteStore store) {
        this.store = store;
        this.leaves = schema.getColumns().stream().map(store::getColumnWriter).toArray(ColumnWriter[]::new);
    }

    /** Writes the values of one element of a list. */
    @FunctionalInterface
    interface Element<T> {
        void write(ColumnCursor cursor, T value);
    }

    void text(String value) {
        // Not Binary.fromString: that fails for half a surrogate pair, which a reply that was cut may hold.
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] value) {
        leaves[at++].write(Binary.fromConstantByteArray(value), repetition, definition);
    }

    /** Of an optional column at the top. */
    void textOrNull(@Nullable String value) {
        if (value == null) {
            leaves[at++].writeNull(0, 0);
        } else {
            leaves[at++].write(Binary.fromConstantByteArray(value.getBytes(StandardCharsets.UTF_8)), 0, 1);
        }
    }

    void integer(int value) {
        leaves[at++].write(value, repetition, definition);
    }

    void number(long value) {
        leaves[at++].write(value, repetition, definition);
    }

    /** @param width leaves of an element */
    <T> void list(Collection<T> values, int width, Element<T> element) {
        int first = at;
        if (values.isEmpty()) {
            while (at < first + width) {
                leaves[at++].writeNull(0, 0);
            }
            return;
        }
        definition = 1;
        for (T value : values) {
            at = first;
            element.write(this, value);
            repetition = 1;
        }
        repetition = 0;
        definition = 0;
    }

    /** A row has all its values; the next begins at the first leaf. */
    void endRow() {
        if (at != leaves.length) {
            throw new IllegalStateException("a row has " + leaves.length + " values, " + at + " were written");
        }
        at = 0;
        store.endRecord();
    }
}
