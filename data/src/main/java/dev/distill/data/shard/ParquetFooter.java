package dev.distill.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's writer keeps sets of encodings in an order that differs from process to process, and writes them so into the footer. Sorted, the same rows make
 * the same bytes everywhere.
 */
final class ParquetFooter {
    /** Length of the footer (u32, little endian) and PAR1. */
    private static final int TAIL = 8;

    private ParquetFooter() {}

    /** Writes the footer of a whole file again, its sets sorted. */
    static void sort(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int length = read(channel, channel.size() - TAIL, TAIL).getInt();
            long start = channel.size() - TAIL - length;
            ByteBuffer out =
                    ByteBuffer.wrap(sorted(read(channel, start, length + TAIL).array()));
            channel.truncate(start);
            for (long at = start; out.hasRemaining(); ) {
                at += channel.write(out, at);
            }
            channel.force(true);
        }
    }

    /** The end of a file, from its footer on or from before it, with the footer's sets sorted. */
    static byte[] sorted(byte[] end) throws IOException {
        ByteBuffer tail = ByteBuffer.wrap(end, end.length - TAIL, TAIL).order(ByteOrder.LITTLE_ENDIAN);
        int length = tail.getInt();
        int magic = tail.getInt();
        int start = end.length - TAIL - length;
        ByteArrayOutputStream sorted = new ByteArrayOutputStream(end.length);
        sorted.write(end, 0, start);
        Util.writeFileMetaData(sorted(Util.readFileMetaData(new ByteArrayInputStream(end, start, length))), sorted);
        ByteBuffer last = ByteBuffer.allocate(TAIL).order(ByteOrder.LITTLE_ENDIAN);
        sorted.writeBytes(last.putInt(sorted.size() - start).putInt(magic).array());
        return sorted.toByteArray();
    }

    private static FileMetaData sorted(FileMetaData footer) {
        for (RowGroup group : required(footer.getRow_groups())) {
            for (ColumnChunk chunk : required(group.getColumns())) {
                ColumnMetaData column = required(chunk.getMeta_data());
                required(column.getEncodings()).sort(Comparator.naturalOrder());
                if (column.isSetEncoding_stats()) {
                    required(column.getEncoding_stats())
                            .sort(Comparator.comparing(PageEncodingStats::getPage_type)
                                    .thenComparing(PageEncodingStats::getEncoding));
                }
            }
        }
        return footer;
    }

    /** A field that the format requires. */
    private static <T> T required(@Nullable T field) {
        return Objects.requireNonNull(field, "a footer that this program wrote has it");
    }

    private static ByteBuffer read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("ends " + bytes.remaining() + " bytes before its footer does");
            }
        }
        return bytes.flip();
    }
}
