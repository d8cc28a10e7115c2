package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Lets Parquet write through {@link Storage}; closing the stream syncs the file. */
record StorageOutputFile(Storage storage, Path file) implements OutputFile {
    private static final int BUFFER = 1 << 18;

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

    private static final class Stream extends PositionOutputStream {
        private final Storage.Output output;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        private long position;
        private boolean closed;

        Stream(Storage.Output output) {
            this.output = output;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > buffer.remaining()) {
                flush();
            }
            if (length > buffer.remaining()) {
                output.write(ByteBuffer.wrap(bytes, offset, length));
            } else {
                buffer.put(bytes, offset, length);
            }
            position += length;
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
