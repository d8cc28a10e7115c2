package dev.distill.data.shard;

import dev.distill.data.shard.ReadFailure.FileSystemFailedException;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file for Parquet to read, straight into the arrays that it gives: its own way there has two more, each as long as a row group. Where the file
 * system fails, that is a {@link FileSystemFailedException}.
 */
record FileInput(Path file) implements InputFile {
    /** The system's calls go through memory of their own for so much of an array at once; this much stays in the processor's cache. */
    private static final int PIECE = 1 << 16;

    /** A call of the system's. */
    @FunctionalInterface
    private interface Call<R> {
        R make() throws IOException;
    }

    private static <R> R call(Call<R> call) throws IOException {
        try {
            return call.make();
        } catch (IOException e) {
            throw new FileSystemFailedException(e);
        }
    }

    @Override
    public long getLength() throws IOException {
        return call(() -> Files.size(file));
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        FileInputStream in = call(() -> new FileInputStream(file.toFile()));
        return new DelegatingSeekableInputStream(new Pieces(in)) {
            @Override
            public long getPos() throws IOException {
                return call(() -> in.getChannel().position());
            }

            @Override
            public void seek(long position) throws IOException {
                call(() -> in.getChannel().position(position));
            }
        };
    }

    private static final class Pieces extends FilterInputStream {
        Pieces(FileInputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return call(super::read);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return call(() -> super.read(bytes, from, Math.min(PIECE, length)));
        }
    }
}
