package dev.distill.data.shard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Row}s of the columns of a row group, each value straight from its column: Parquet's own record assembly walks a
 * table of states for each of them, which took longer than decoding them. {@link ColumnCursor} writes in the same way.
 *
 * <p>Levels are Dremel's, as Parquet's documentation has them: a value repeats at the level of the innermost list that goes on
 * with it, 0 in the first of a row, and is defined at the level of the innermost field on its way that is there. The first leaf
 * of a field says for the others whether it is there and goes on; where they say something else, the file is refused.
 *
 * <p>A few bytes of a file can stand for any number of long values: what a row takes is counted, and one that is larger than
 * {@link ReadLimits#row} is refused while it is made.
 */
final class RowAssembly {
    private static final int GROUP_OVERHEAD = 48;

    private final PageReadStore pages;
    private final Deque<ColumnDescriptor> columns;
    private final RowSize size = new RowSize();
    private final List<LeafColumn> leaves = new ArrayList<>();
    private final Group root;

    RowAssembly(MessageType columns, PageReadStore pages) {
        this.pages = pages;
        this.columns = new ArrayDeque<>(columns.getColumns());
        this.root = new Group(columns, 0, 0);
    }

    /** Bytes that the last row takes, about. */
    long size() {
        return size.bytes();
    }

    /** Behind the last row no column has a value: rows would be lost with it. */
    void end() {
        leaves.forEach(LeafColumn::end);
    }

    /** The next row; there must be one. */
    Row next() {
        size.begin();
        return root.row(0);
    }

    /** @param definition level at which the field above is there */
    private Node node(Type type, int repetition, int definition) {
        boolean isRepeated = type.isRepetition(Type.Repetition.REPEATED);
        int there = type.isRepetition(Type.Repetition.REQUIRED) ? definition : definition + 1;
        int repeated = isRepeated ? repetition + 1 : repetition;
        Node one = type.isPrimitive() ? leaf() : new Group(type.asGroupType(), repeated, there);
        return isRepeated ? new Repeated(one, repeated, there) : one;
    }

    private Leaf leaf() {
        LeafColumn column = new LeafColumn(columns.remove(), pages, size);
        leaves.add(column);
        return new Leaf(column);
    }

    /** A field: what of its columns belongs to one place in a row. */
    private abstract static sealed class Node {
        /** Its first column. */
        abstract LeafColumn first();

        /**
         * What is at this place; null if nothing is. Its columns go on to the next place.
         *
         * @param repetition level at which it repeats
         */
        abstract @Nullable Object next(int repetition);

        /**
         * Goes on to the next place; that here is nothing, a field above has found.
         *
         * @param above level at which the innermost field that is there is defined
         */
        abstract void skip(int repetition, int above);
    }

    private static final class Leaf extends Node {
        private final LeafColumn column;

        Leaf(LeafColumn column) {
            this.column = column;
        }

        @Override
        LeafColumn first() {
            return column;
        }

        @Override
        @Nullable
        Object next(int repetition) {
            return column.next(repetition);
        }

        @Override
        void skip(int repetition, int above) {
            column.skip(repetition, above);
        }
    }

    private final class Group extends Node {
        private final GroupType type;
        private final Node[] fields;
        private final int definition;
        private final boolean isOptional;

        Group(GroupType type, int repetition, int definition) {
            if (type.getFieldCount() == 0) {
                throw new ParquetDecodingException("group " + type.getName() + " has no columns");
            }
            this.type = type;
            this.definition = definition;
            this.isOptional = type.isRepetition(Type.Repetition.OPTIONAL);
            this.fields = new Node[type.getFieldCount()];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = node(type.getType(i), repetition, definition);
            }
        }

        @Override
        LeafColumn first() {
            return fields[0].first();
        }

        @Override
        @Nullable
        Object next(int repetition) {
            if (isOptional && first().definition() < definition) {
                skip(repetition, definition - 1);
                return null;
            }
            return row(repetition);
        }

        Row row(int repetition) {
            size.add(GROUP_OVERHEAD + 8L * fields.length);
            @Nullable Object[] values = new Object[fields.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = fields[i].next(repetition);
            }
            return new Row(type, values);
        }

        @Override
        void skip(int repetition, int above) {
            for (Node field : fields) {
                field.skip(repetition, above);
            }
        }
    }

    private static final class Repeated extends Node {
        private final Node element;
        private final int level;
        private final int definition;

        Repeated(Node element, int level, int definition) {
            this.element = element;
            this.level = level;
            this.definition = definition;
        }

        @Override
        LeafColumn first() {
            return element.first();
        }

        @Override
        @Nullable
        Object next(int repetition) {
            LeafColumn first = element.first();
            if (first.definition() < definition) {
                element.skip(repetition, definition - 1);
                return null;
            }
            List<@Nullable Object> values = new ArrayList<>();
            values.add(element.next(repetition));
            while (first.repetition() == level) {
                values.add(element.next(level));
            }
            return values;
        }

        @Override
        void skip(int repetition, int above) {
            element.skip(repetition, above);
        }
    }
}
