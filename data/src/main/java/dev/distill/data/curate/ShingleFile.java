package dev.distill.data.curate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The shingles of many traces on the disk while a curation goes on, for those of a million do not fit into memory and few are
 * looked at. Goes when it is closed. For one thread.
 */
final class ShingleFile implements ShingleStore, Closeable {
    /** What stands there for a trace without shingles. */
    private static final long NONE = -1;

    private final Path file;
    private final FileChannel channel;
    private ByteBuffer pending = ByteBuffer.allocate(1 << 20);
    private long[] offsets = new long[1 << 10];
    private int count;
    private long end;

    ShingleFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /** Writes those of the next trace; null leaves it without. */
    void addOrSkip(@Nullable Shingles shingles) throws IOException {
        place(shingles == null ? NONE : end);
        if (shingles != null) {
            add(shingles);
        }
    }

    private void add(Shingles shingles) throws IOException {
        int[] smallest = shingles.smallest();
        int bytes = Integer.BYTES * (smallest.length + 1);
        if (bytes > pending.remaining()) {
            flush();
        }
        if (bytes > pending.capacity()) {
            pending = ByteBuffer.allocate(bytes);
        }
        pending.putInt(shingles.complete() ? smallest.length : -smallest.length);
        for (int hash : smallest) {
            pending.putInt(hash);
        }
        end += bytes;
    }

    private void place(long offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = offset;
    }

    private void flush() throws IOException {
        pending.flip();
        while (pending.hasRemaining()) {
            channel.write(pending);
        }
        pending.clear();
    }

    /** Writes what is pending. */
    void written() throws IOException {
        flush();
    }

    @Override
    public Shingles get(int trace) throws IOException {
        if (pending.position() > 0) {
            flush();
        }
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES);
        read(head, offsets[trace]);
        int size = head.getInt(0);
        ByteBuffer body = ByteBuffer.allocate(Integer.BYTES * Math.abs(size));
        read(body, offsets[trace] + Integer.BYTES);
        int[] smallest = new int[Math.abs(size)];
        body.flip().asIntBuffer().get(smallest);
        return new Shingles(smallest, size >= 0);
    }

    private void read(ByteBuffer into, long from) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, from + into.position()) < 0) {
                throw new IOException("curate: " + file + " ends early; is somebody else at work in this folder?");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
