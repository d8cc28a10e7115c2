package dev.distill.train.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A TFRecord file (tensorflow.org/tutorials/load_data/tfrecord), appended to a record at a time: length (u64), masked CRC-32C
 * of the length, content, masked CRC-32C of the content, little-endian. Readers stop before a record that was torn.
 */
final class RecordFile implements AutoCloseable {
    private static final int AROUND = Long.BYTES + 2 * Integer.BYTES;
    private static final int MASK_DELTA = 0xa282ead8;

    private final FileChannel channel;

    private RecordFile(FileChannel channel) {
        this.channel = channel;
    }

    /** A new file; one of this name must not be there. */
    static RecordFile create(Path file) throws IOException {
        return new RecordFile(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Appends a record, in one write: who reads meanwhile sees all of it, or waits for the rest. */
    void append(byte[] content) throws IOException {
        ByteBuffer record = ByteBuffer.wrap(framed(content));
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    static byte[] framed(byte[] content) {
        ByteBuffer record = ByteBuffer.allocate(content.length + AROUND).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(content.length);
        record.putInt(maskedChecksum(record.array(), 0, Long.BYTES));
        record.put(content);
        record.putInt(maskedChecksum(content, 0, content.length));
        return record.array();
    }

    /** Rotated right by 15 bits, and a constant added: a checksum of data that hold checksums stays one. */
    static int maskedChecksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
