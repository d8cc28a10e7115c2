package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;

/**
 * Traces as an Arrow IPC stream, for other programs: the columns of the shards, under the same names. The stream format needs no
 * end to be read, so what was written before a cut can be used. There is no checksum in it; what is kept is kept in shards.
 */
public final class ArrowTraces implements Iterator<Trace>, Closeable {
    /** A record batch ends with the trace that makes it this long, in characters ... */
    private static final long BATCH_CHARACTERS = 4 << 20;
    /** ... or at this many traces. */
    private static final int BATCH_ROWS = 1024;
    /** Off-heap memory that a reader takes at most, in bytes: the lengths in a stream are not to be trusted. */
    private static final long MOST_MEMORY = 1L << 30;

    /** The longest message header that is believed, in bytes; ours have a few thousand. */
    private static final int LONGEST_HEADER = 16 << 20;

    private static final String CURE = "export the traces again";

    private final Path name;
    private final BufferAllocator allocator;
    private final ArrowStreamReader reader;
    private final ArrowColumns columns;
    private final VectorSchemaRoot root;
    private int row;
    private long read;

    private ArrowTraces(Path name, BufferAllocator allocator, ArrowStreamReader reader, VectorSchemaRoot root) {
        this.name = name;
        this.allocator = allocator;
        this.reader = reader;
        this.root = root;
        this.columns = new ArrowColumns(root);
    }

    /** Writes all traces and the end of the stream; leaves {@code out} open. Returns how many there were. */
    public static long write(Iterator<Trace> traces, OutputStream out) throws IOException {
        long count = 0;
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(ArrowSchema.TRACES, allocator)) {
            ArrowColumns columns = new ArrowColumns(root);
            ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(out));
            writer.start();
            while (traces.hasNext()) {
                root.allocateNew();
                int rows = fill(columns, traces);
                root.setRowCount(rows);
                writer.writeBatch();
                count += rows;
            }
            writer.end();
        }
        return count;
    }

    private static int fill(ArrowColumns columns, Iterator<Trace> traces) {
        int rows = 0;
        long characters = 0;
        while (traces.hasNext() && rows < BATCH_ROWS && characters < BATCH_CHARACTERS) {
            Trace trace = traces.next();
            columns.set(rows, trace);
            rows++;
            characters += trace.rawReply().length() + 2L * trace.answer().length();
        }
        return rows;
    }

    /**
     * Reads a stream of traces.
     *
     * @param name what errors call it
     * @param in closed with this reader
     * @throws ShardException if it is no Arrow stream of traces
     */
    public static ArrowTraces read(Path name, InputStream in) {
        BufferAllocator allocator = new RootAllocator(MOST_MEMORY);
        ArrowStreamReader reader = new ArrowStreamReader(
                new MessageChannelReader(new BoundedLengths(Channels.newChannel(in)), allocator), allocator);
        try {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            if (!ArrowSchema.areRead(root.getSchema())) {
                throw new ShardException(
                        name,
                        "does not have the columns of " + TraceSchema.FORM.readable(),
                        "docs/formats.md lists the columns");
            }
            return new ArrowTraces(name, allocator, reader, root);
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            close(reader, allocator, e);
            if (e instanceof ShardException shard) {
                throw shard;
            }
            throw ReadFailure.of(name, "is no readable Arrow stream", CURE, e);
        }
    }

    private static void close(ArrowStreamReader reader, BufferAllocator allocator, Throwable reason) {
        try {
            reader.close();
            allocator.close();
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public boolean hasNext() {
        try {
            while (row >= root.getRowCount()) {
                if (!reader.loadNextBatch()) {
                    return false;
                }
                row = 0;
            }
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw unreadable(e);
        }
    }

    @Override
    public Trace next() {
        if (!hasNext()) {
            throw new NoSuchElementException("shard " + name + ": no more traces");
        }
        try {
            Trace trace = columns.get(row);
            row++;
            read++;
            return trace;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw unreadable(e);
        }
    }

    private ShardException unreadable(Throwable e) {
        return ReadFailure.of(name, "cannot be read behind its first " + read + " traces", CURE, e);
    }

    @Override
    public void close() {
        try (allocator) {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Arrow allocates a message's header, of the length that the stream claims, before it reads it. Lengths have four bytes. */
    private static final class BoundedLengths extends ReadChannel {
        private static final int CONTINUES = -1;

        BoundedLengths(ReadableByteChannel in) {
            super(in);
        }

        @Override
        public int readFully(ByteBuffer buffer) throws IOException {
            int start = buffer.position();
            int read = super.readFully(buffer);
            if (read == Integer.BYTES) {
                int length = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(start);
                if (length != CONTINUES && (length < 0 || length > LONGEST_HEADER)) {
                    throw new IOException("a message claims a header of " + length + " bytes");
                }
            }
            return read;
        }
    }
}
