package dev.distill.data.shard;

import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file for Parquet to read, straight into the arrays that it gives: its own way there has two more, each as long as a row group. */
record FileInput(Path file) implements InputFile {
    /** The system's calls go through memory of their own for so much of an array at once; this much stays in the processor's cache. */
    private static final int PIECE = 1 << 16;

    @Override
    public long getLength() throws IOException {
        return Files.size(file);
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        FileInputStream in = new FileInputStream(file.toFile());
        return new DelegatingSeekableInputStream(new Pieces(in)) {
            @Override
            public long getPos() throws IOException {
                return in.getChannel().position();
            }

            @Override
            public void seek(long position) throws IOException {
                in.getChannel().position(position);
            }
        };
    }

    private static final class Pieces extends FilterInputStream {
        Pieces(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return super.read(bytes, from, Math.min(PIECE, length));
        }
    }
}
