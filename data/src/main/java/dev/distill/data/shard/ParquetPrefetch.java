package dev.distill.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file in their order, while its row groups are read and decoded on threads of their own, one for each processor
 * and a few at most. Of each group so many rows are held as {@link #READY} chunks have; a group that is ahead waits. For one thread.
 */
final class ParquetPrefetch<T> implements Closeable {
    /** A chunk ends with the row that makes it this large, in bytes ... */
    private static final long CHUNK_BYTES = 1 << 20;
    /** ... or at this many rows. */
    private static final int CHUNK_ROWS = 1024;
    /** Chunks of a group that wait to be taken. A group of ours has as many, so that none stops before its end. */
    private static final int READY = 20;

    private final ParquetInput input;
    private final MessageType columns;
    private final Function<Row, T> reading;
    private final Deque<Group> groups = new ArrayDeque<>();
    private final int ahead;
    private final int endGroup;
    private int nextGroup;
    private Iterator<T> chunk = Collections.emptyIterator();
    private long row;

    /** All of them. */
    ParquetPrefetch(ParquetInput input, MessageType columns, Function<Row, T> reading) {
        this(input, columns, reading, 0, input.groups().size(), ShardThreads.COUNT);
    }

    /**
     * Those of some row groups.
     *
     * @param from the first
     * @param end behind the last
     * @param ahead how many are read and decoded at once
     * @throws ShardException if one of them is too large for this program's memory
     */
    ParquetPrefetch(ParquetInput input, MessageType columns, Function<Row, T> reading, int from, int end, int ahead) {
        this.input = input;
        this.columns = columns;
        this.reading = reading;
        this.ahead = ahead;
        this.nextGroup = from;
        this.endGroup = end;
        input.checkSizes(columns, from, end);
        this.row = input.groups().subList(0, from).stream()
                .mapToLong(BlockMetaData::getRowCount)
                .sum();
    }

    /** Some rows, as a thread hands them over. */
    private record Chunk<T>(List<T> rows, boolean isLast) {}

    /** The next row; null behind the last. */
    @Nullable
    T next() {
        while (!chunk.hasNext()) {
            start();
            Group group = groups.peek();
            if (group == null) {
                return null;
            }
            chunk = group.take();
        }
        row++;
        return chunk.next();
    }

    /** Begins with as many groups as are decoded at once. */
    void start() {
        while (groups.size() < ahead && nextGroup < endGroup) {
            if (input.groups().get(nextGroup).getRowCount() > 0) {
                groups.add(new Group(nextGroup));
            }
            nextGroup++;
        }
    }

    @Override
    public void close() {
        groups.forEach(Group::stop);
        groups.clear();
        nextGroup = endGroup;
        chunk = Collections.emptyIterator();
    }

    private final class Group {
        private final BlockingQueue<Chunk<T>> ready = new ArrayBlockingQueue<>(READY);
        private final List<T> filling = new ArrayList<>();
        /** Made before it is needed: a thread that has run out of memory could not make it. */
        private final Chunk<T> last = new Chunk<>(filling, true);

        private final Future<?> thread;
        private volatile @Nullable Throwable failure;
        private boolean tookLast;

        Group(int number) {
            this.thread = ShardThreads.start(() -> {
                decode(number);
                return number;
            });
        }

        /** Whatever stops it, a last chunk comes: who waits for it would wait for ever. */
        private void decode(int number) throws InterruptedException {
            try {
                read(number);
            } catch (InterruptedException e) { // by stop: nobody waits
                throw e;
            } catch (Throwable e) {
                failure = e;
            }
            ready.put(last);
        }

        private void read(int number) throws IOException, InterruptedException {
            long[] size = {0};
            input.read(number, columns, (record, bytes) -> {
                filling.add(reading.apply(record));
                size[0] += bytes;
                if (size[0] >= CHUNK_BYTES || filling.size() >= CHUNK_ROWS) {
                    ready.put(new Chunk<>(List.copyOf(filling), false));
                    filling.clear();
                    size[0] = 0;
                }
            });
        }

        /** The next chunk. The rows before a failure are given out before it is thrown. */
        Iterator<T> take() {
            Throwable reason = failure;
            if (tookLast && reason != null) {
                throw input.unreadable(row, reason);
            }
            Chunk<T> next;
            try {
                next = ready.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw input.unreadable(row, e);
            }
            tookLast = next.isLast;
            if (tookLast && failure == null) {
                groups.remove();
            }
            return next.rows.iterator();
        }

        void stop() {
            thread.cancel(true);
        }
    }
}
