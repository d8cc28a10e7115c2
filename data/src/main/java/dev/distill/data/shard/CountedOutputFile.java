package dev.distill.data.shard;

import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Takes what Parquet writes, counts it and keeps nothing. */
final class CountedOutputFile implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
        return new Stream();
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
        return new Stream();
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
        return "nowhere";
    }

    private static final class Stream extends PositionOutputStream {
        private long bytes;

        @Override
        public long getPos() {
            return bytes;
        }

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] content, int offset, int length) {
            bytes += length;
        }
    }
}
