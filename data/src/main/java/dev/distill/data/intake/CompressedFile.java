package dev.distill.data.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** What a compressed file holds; that it is cut or damaged is said with its name. */
final class CompressedFile extends FilterInputStream {
    private final Path file;

    CompressedFile(Path file, InputStream decompressed) {
        super(decompressed);
        this.file = file;
    }

    static IOException unreadable(Path file, IOException cause) {
        return new IOException(
                file + ": must be a whole compressed file; " + cause.getMessage() + "; fetch it or copy it again",
                cause);
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        try {
            return in.read(bytes, from, length);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
