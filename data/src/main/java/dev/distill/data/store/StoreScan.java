package dev.distill.data.store;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads a store from its first byte to its last, and compares every checksum. Holds one record in memory. */
final class StoreScan implements Closeable {
    private static final int BUFFER = 1 << 20;

    private final Path file;
    private final long size;
    private final InputStream in;
    private long at;

    StoreScan(Path file) throws IOException {
        this.file = file;
        this.size = Files.size(file);
        this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    /** The key that the file begins with; another format or version has none, an empty text. */
    String key() throws IOException {
        if (!Arrays.equals(in.readNBytes(StoreWriter.MAGIC.length), StoreWriter.MAGIC)) {
            return "";
        }
        at = StoreWriter.MAGIC.length;
        ByteBuffer header = record();
        return header.remaining() < Integer.BYTES || header.getInt() != StoreWriter.VERSION ? "" : rest(header);
    }

    /**
     * Fills the index with all records.
     *
     * @return what was noted at the end
     */
    String records(SampleIndex index) throws IOException {
        while (true) {
            long begin = at;
            ByteBuffer record = record();
            if (!record.hasRemaining()) {
                break;
            }
            index.add(begin + StoreWriter.PREFIX, record);
        }
        ByteBuffer end = record();
        if (end.remaining() < Integer.BYTES || end.getInt() != index.size() || at != size) {
            throw new DamagedStoreException(file, at, "another end than the one that was written");
        }
        return rest(end);
    }

    private ByteBuffer record() throws IOException {
        ByteBuffer prefix = read(StoreWriter.PREFIX);
        int length = prefix.getInt();
        int checksum = prefix.getInt();
        if (length < 0 || length > size - at) {
            throw new DamagedStoreException(file, at, "a record of " + length + " bytes, which is beyond its end,");
        }
        ByteBuffer content = read(length);
        if (StoreWriter.checksum(content.array()) != checksum) {
            throw new DamagedStoreException(file, at - length, "a record of another checksum");
        }
        return content;
    }

    private ByteBuffer read(int bytes) throws IOException {
        byte[] content = in.readNBytes(bytes);
        if (content.length < bytes) {
            throw new DamagedStoreException(file, at, "no more bytes");
        }
        at += bytes;
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String rest(ByteBuffer content) {
        return StandardCharsets.UTF_8.decode(content).toString();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
