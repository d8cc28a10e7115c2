package dev.distill.data.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Writes the bytes of a store, in the order of the file: header, records, end. */
final class StoreWriter {
    static final byte[] MAGIC = {'D', 'I', 'S', 'T', 'S', 'M', 'P', 'L'};
    static final int VERSION = 1;

    /** Length and checksum before each record. */
    static final int PREFIX = 2 * Integer.BYTES;

    private final OutputStream out;
    private int samples;

    StoreWriter(OutputStream out, String key) throws IOException {
        this.out = out;
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        out.write(MAGIC);
        ByteBuffer header = little(Integer.BYTES + name.length);
        checked(header.putInt(VERSION).put(name).array());
    }

    void add(StoredSample sample) throws IOException {
        checked(sample.encode());
        samples++;
    }

    /** The end: a record of length 0, and behind it what was noted. */
    void end(String notes) throws IOException {
        checked(new byte[0]);
        byte[] text = notes.getBytes(StandardCharsets.UTF_8);
        checked(little(Integer.BYTES + text.length).putInt(samples).put(text).array());
    }

    private void checked(byte[] content) throws IOException {
        out.write(
                little(PREFIX).putInt(content.length).putInt(checksum(content)).array());
        out.write(content);
    }

    static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
