package dev.distill.data.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a journal from its start, frame by frame, and tells a torn tail from damage in the middle. */
final class JournalReader implements Closeable {
    /** How far ahead one looks at a time for a frame after a damaged one. */
    private static final int WINDOW = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final long salt;

    JournalReader(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            this.size = channel.size();
            this.salt = readFileHeader();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    long salt() {
        return salt;
    }

    /** Hands every whole record to the consumer, in the order of appending. */
    Recovery replay(Journal.Replay consumer) throws IOException {
        long records = 0;
        long offset = Frame.FILE_HEADER;
        while (offset < size) {
            ByteBuffer payload = frameAt(offset);
            if (payload == null) {
                // A frame is written only after the one before it was synced. So with a valid one behind it, this is
                // damage to something that was acknowledged; without one, it is what a crash left of the last write.
                long next = nextFrameAfter(offset);
                if (next >= 0) {
                    throw damaged(offset, next);
                }
                break;
            }
            long position = offset + Frame.HEADER;
            offset = position + payload.remaining();
            records += replayRecords(payload, position, consumer);
        }
        consumer.over();
        return new Recovery(records, offset, size - offset);
    }

    private long readFileHeader() throws IOException {
        if (size < Frame.FILE_HEADER) {
            throw notAJournal("has " + size + " bytes, a journal at least " + Frame.FILE_HEADER);
        }
        ByteBuffer header = read(0, Frame.FILE_HEADER);
        byte[] magic = new byte[Frame.MAGIC.length];
        header.get(magic);
        if (!Arrays.equals(magic, Frame.MAGIC)) {
            throw notAJournal("does not begin with a journal's magic bytes");
        }
        int version = header.getInt();
        long saltRead = header.getLong();
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().rewind().limit(Frame.FILE_HEADER - Integer.BYTES));
        if ((int) crc.getValue() != header.getInt()) {
            throw notAJournal("has a header whose checksum does not hold");
        }
        if (version != Frame.VERSION) {
            throw new JournalException(
                    JournalException.Kind.FORMAT,
                    file,
                    "has format version " + version + ", this program reads version " + Frame.VERSION
                            + "; use the version of Distill that wrote it, or a newer one");
        }
        return saltRead;
    }

    /** The payload of the frame at this offset; null where there is no whole, valid one. */
    private @Nullable ByteBuffer frameAt(long offset) throws IOException {
        if (size - offset < Frame.HEADER) {
            return null;
        }
        ByteBuffer header = read(offset, Frame.HEADER);
        long ownOffset = header.getLong();
        int length = header.getInt();
        int checksum = header.getInt();
        if (ownOffset != offset
                || length < 0
                || length > Frame.LONGEST_PAYLOAD
                || length > size - offset - Frame.HEADER) {
            return null;
        }
        ByteBuffer payload = read(offset + Frame.HEADER, length);
        return Frame.checksum(salt, offset, payload) == checksum ? payload : null;
    }

    private static long replayRecords(ByteBuffer payload, long position, Journal.Replay consumer) {
        long records = 0;
        while (payload.hasRemaining()) {
            byte[] record = new byte[payload.getInt()];
            long at = position + payload.position();
            payload.get(record);
            consumer.take(record, at);
            records++;
        }
        return records;
    }

    /** The offset of the first valid frame behind a damaged one, or -1. */
    private long nextFrameAfter(long damagedOffset) throws IOException {
        for (long start = damagedOffset + 1; start <= size - Frame.HEADER; start += WINDOW) {
            ByteBuffer window = read(start, (int) Math.min(WINDOW + Long.BYTES - 1, size - start));
            for (int i = 0; i <= window.limit() - Long.BYTES; i++) {
                if (window.getLong(i) == start + i && frameAt(start + i) != null) {
                    return start + i;
                }
            }
        }
        return -1;
    }

    private JournalException damaged(long offset, long next) {
        return new JournalException(
                JournalException.Kind.DAMAGED,
                file,
                "the frame at byte " + offset + " is damaged, and a valid one follows at byte " + next
                        + ", so acknowledged records have changed on the disk. Nothing was changed or dropped. Restore the"
                        + " file from a copy; or, to go on without the records between these two places, keep a copy and"
                        + " cut the file off at byte " + offset + " (all that follows is then asked for again)");
    }

    private JournalException notAJournal(String problem) {
        return new JournalException(
                JournalException.Kind.FORMAT,
                file,
                problem + "; is this the right file? Restore it from a copy, or give another name");
    }

    private ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = Frame.little(length);
        RecordFile.fill(channel, file, offset, bytes);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
