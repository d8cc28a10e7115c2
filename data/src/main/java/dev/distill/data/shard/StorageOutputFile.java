package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Lets Parquet write one file through {@link Storage}, and hashes what is written; closing the stream syncs the file. */
final class StorageOutputFile implements OutputFile {
    private static final int BUFFER = 1 << 18;

    private final Storage storage;
    private final Path file;
    private final MessageDigest digest = FileEntry.digest();
    private long bytes;

    StorageOutputFile(Storage storage, Path file) {
        this.storage = storage;
        this.file = file;
    }

    Path file() {
        return file;
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
                flush();
                output.sync();
            }
        }
    }
}
