package dev.distill.data.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a journal, little-endian. The file starts with a header; then frames, one for each sync, each holding the
 * records that were appended together.
 *
 * <pre>
 * header  magic 8 | version u32 | salt u64 | crc32c u32 of what precedes
 * frame   offset u64 | length u32 | crc32c u32 | payload of that length; an empty one closes the journal
 * payload records, each: length u32 | bytes
 * </pre>
 *
 * A frame names its own offset in the file, and its checksum covers the file's salt, the offset, the length and the payload. So
 * a frame is recognised wherever one looks for it, and bytes that only look like one (a journal kept in a record) are not.
 */
final class Frame {
    static final byte[] MAGIC = {'D', 'I', 'S', 'T', 'J', 'R', 'N', 'L'};
    static final int VERSION = 1;
    static final int FILE_HEADER = 24;
    static final int HEADER = 16;
    /** A frame takes no further record once it has this many bytes. */
    static final int FULL = 8 << 20;
    /** The longest record, in bytes. */
    static final int LONGEST_RECORD = 256 << 20;
    /** The longest payload: a frame that is one byte short of full, and the longest record. */
    static final int LONGEST_PAYLOAD = FULL + Integer.BYTES + LONGEST_RECORD;

    private Frame() {}

    static byte[] fileHeader(long salt) {
        byte[] bytes = new byte[FILE_HEADER];
        ByteBuffer header = ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putInt(VERSION)
                .putLong(salt);
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().flip());
        header.putInt((int) crc.getValue());
        return bytes;
    }

    /** The checksum of a frame. Leaves the payload's position as it was. */
    static int checksum(long salt, long offset, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(little(Long.BYTES + Long.BYTES + Integer.BYTES)
                .putLong(salt)
                .putLong(offset)
                .putInt(payload.remaining())
                .flip());
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }

    static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
