package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Some row groups of a file of traces: what one of several workers reads. It can be sent to other processes that see the same
 * files.
 *
 * @param number from 0, in the order of the traces
 * @param file that holds it
 * @param firstGroup the first row group
 * @param endGroup behind the last
 * @param place of its first trace among all, from 0
 * @param rows traces in it
 */
public record TraceSplit(int number, String file, int firstGroup, int endGroup, int place, int rows)
        implements Serializable {

    /**
     * Cuts files, one after the other, into pieces of so many row groups or fewer. Reads their footers.
     *
     * @throws IllegalArgumentException if they hold more than 2,147,483,647 traces
     */
    public static List<TraceSplit> of(List<TraceFile> files, int groupsEach) {
        List<TraceSplit> splits = new ArrayList<>();
        long place = 0;
        for (TraceFile file : files) {
            List<Long> groups;
            try (ParquetShard<Trace> shard = ParquetShard.open(TraceSchema.FORM, Path.of(file.path()))) {
                groups = shard.groups();
            }
            for (int from = 0; from < groups.size(); from += groupsEach) {
                int end = Math.min(groups.size(), from + groupsEach);
                long rows = groups.subList(from, end).stream()
                        .mapToLong(Long::longValue)
                        .sum();
                if (place + rows > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("curate: takes at most " + Integer.MAX_VALUE
                            + " traces at a time; give it fewer folders at once");
                }
                if (rows > 0) {
                    splits.add(new TraceSplit(splits.size(), file.path(), from, end, (int) place, (int) rows));
                }
                place += rows;
            }
        }
        return splits;
    }

    /** Behind its last trace. */
    public int end() {
        return place + rows;
    }

    /** Its traces. */
    public Rows<Trace> open() {
        return new Rows<>(ParquetShard.open(TraceSchema.FORM, Path.of(file)).only(firstGroup, endGroup));
    }

    /** What tells verdicts about its traces apart, without reading the rest of them. */
    public Rows<TraceVerdict.Key> keys() {
        return new Rows<>(ParquetShard.open(TraceSchema.KEYS, Path.of(file)).only(firstGroup, endGroup));
    }

    /** What is read of it, one row after the other. For one thread. */
    public static final class Rows<T> implements Iterator<T>, Closeable {
        private final ParquetShard<T> shard;
        private @Nullable T next;

        private Rows(ParquetShard<T> shard) {
            this.shard = shard;
        }

        @Override
        public boolean hasNext() {
            next = next == null ? shard.next() : next;
            return next != null;
        }

        @Override
        public T next() {
            T row = hasNext() ? next : null;
            if (row == null) {
                throw new NoSuchElementException("shard " + shard.file() + ": no more rows in this piece");
            }
            next = null;
            return row;
        }

        @Override
        public void close() throws IOException {
            shard.close();
        }
    }
}
