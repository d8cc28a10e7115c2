package dev.distill.data.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Single records of a journal, by the positions that {@link Journal.Replay} and {@link Journal#append} have told. Checksums are of
 * whole frames, and hold since the journal was opened: they are not computed again.
 */
public final class RecordFile implements Closeable {
    private final Path file;
    private final FileChannel channel;

    public RecordFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** The record of that many bytes at that position. */
    public byte[] read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        fill(channel, file, position, bytes);
        return bytes.array();
    }

    static void fill(FileChannel channel, Path file, long offset, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException(file + " became shorter while it was read");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
