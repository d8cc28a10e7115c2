package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/** Lets Parquet write one file through {@link Storage}, and hashes what is written; closing the stream syncs the file. */
final class StorageOutputFile implements OutputFile {
    private static final int BUFFER = 1 << 18;
    private static final byte[] MAGIC = {'P', 'A', 'R', '1'};

    private final Storage storage;
    private final Path file;
    private final MessageDigest digest = FileEntry.digest();
    private long bytes;
    private @Nullable ByteArrayOutputStream end;

    StorageOutputFile(Storage storage, Path file) {
        this.storage = storage;
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** The footer comes next, perhaps behind indexes: what is written from here on is held until the stream is closed, and the footer is sorted. */
    void beginEnd() {
        end = new ByteArrayOutputStream();
    }

    /** Bytes that have been written. */
    long bytes() {
        return bytes;
    }

    /** Of what has been written, once the stream is closed; then the file has no other. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public PositionOutputStream create(long blockSize) throws IOException {
        return new Stream(storage.create(file));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
        return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return file.toString();
    }

    private final class Stream extends PositionOutputStream {
        private final Storage.Output output;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private boolean closed;

        Stream(Storage.Output output) {
            this.output = output;
        }

        @Override
        public long getPos() {
            return bytes;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] content, int offset, int length) throws IOException {
            if (end != null) {
                end.write(content, offset, length);
                bytes += length;
                return;
            }
            if (length > buffer.remaining()) {
                flush();
            }
            if (length > buffer.remaining()) {
                output.write(ByteBuffer.wrap(content, offset, length));
            } else {
                buffer.put(content, offset, length);
            }
            digest.update(content, offset, length);
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            buffer.flip();
            try {
                output.write(buffer);
            } finally {
                buffer.clear();
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (output) {
                writeEnd();
                flush();
                output.sync();
            }
        }

        private void writeEnd() throws IOException {
            if (end == null) {
                return;
            }
            byte[] held = end.toByteArray();
            end = null;
            bytes -= held.length;
            byte[] sorted = whole(held) ? ParquetFooter.sorted(held) : held;
            write(sorted, 0, sorted.length);
        }

        /** Whether a footer has been written: a writer that fails is closed before. */
        private boolean whole(byte[] held) {
            return held.length > MAGIC.length
                    && Arrays.equals(held, held.length - MAGIC.length, held.length, MAGIC, 0, MAGIC.length);
        }
    }
}
