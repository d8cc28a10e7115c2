package dev.distill.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * What the levels and values of one page claim to be, against what their bytes can hold and this program may take (Encodings.md of Parquet's
 * format). It costs a step for each run or block, none for a value.
 */
final class PageClaims {
    private static final int MOST_BITS = Integer.SIZE;

    private final ColumnDescriptor column;
    private final int values;

    private PageClaims(ColumnDescriptor column, int values) {
        this.column = column;
        this.values = values;
    }

    /** @throws ParquetDecodingException if the page claims more than it can hold */
    static void check(ColumnDescriptor column, DataPageV1 page) throws IOException {
        PageClaims claims = new PageClaims(column, page.getValueCount());
        ByteBuffer bytes = page.getBytes().toByteBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        claims.firstLevels(bytes, column.getMaxRepetitionLevel(), page.getRlEncoding());
        claims.firstLevels(bytes, column.getMaxDefinitionLevel(), page.getDlEncoding());
        claims.values(bytes, page.getValueEncoding());
    }

    /** @throws ParquetDecodingException if the page claims more than it can hold */
    static void check(ColumnDescriptor column, DataPageV2 page) throws IOException {
        PageClaims claims = new PageClaims(column, page.getValueCount());
        claims.levels(page.getRepetitionLevels().toByteBuffer().duplicate(), column.getMaxRepetitionLevel());
        claims.levels(page.getDefinitionLevels().toByteBuffer().duplicate(), column.getMaxDefinitionLevel());
        ByteBuffer bytes = page.getData().toByteBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        claims.values(bytes, page.getDataEncoding());
    }

    static ParquetDecodingException refusal(ColumnDescriptor column, String claim) {
        return new ParquetDecodingException("column " + String.join(".", column.getPath()) + ": a page claims " + claim
                + ", more than it can hold");
    }

    private ParquetDecodingException refusal(String claim) {
        return refusal(column, claim);
    }

    /** Levels of a page of version 1; none where there is but one level, whatever their encoding is called. */
    @SuppressWarnings(
            "deprecation") // BIT_PACKED: old files have it, and all that parquet-mr writes where there are no levels
    private void firstLevels(ByteBuffer bytes, int most, Encoding encoding) {
        if (encoding == Encoding.RLE) {
            if (most > 0) {
                sizedRuns(bytes, bits(most));
            }
        } else if (encoding == Encoding.BIT_PACKED) {
            long length = ((long) values * bits(most) + 7) / 8;
            if (length < 0 || length > Integer.MAX_VALUE / 8) {
                throw refusal(values + " packed levels");
            }
            bytes.position(bytes.position() + (int) Math.min(bytes.remaining(), length));
        } else {
            throw refusal("levels that are encoded as " + encoding);
        }
    }

    private void levels(ByteBuffer bytes, int most) {
        if (most > 0) {
            runs(bytes, bits(most));
        }
    }

    private static int bits(int most) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(most);
    }

    private void values(ByteBuffer bytes, Encoding encoding) {
        if (encoding.usesDictionary()) {
            if (bytes.hasRemaining()) {
                runs(bytes, bytes.get());
            }
        } else if (encoding == Encoding.RLE) { // booleans
            sizedRuns(bytes, 1);
        } else if (encoding == Encoding.DELTA_BINARY_PACKED || encoding == Encoding.DELTA_LENGTH_BYTE_ARRAY) {
            Deltas ignored = deltas(bytes);
        } else if (encoding
                == Encoding.DELTA_BYTE_ARRAY) { // lengths of what is shared with the text before, then of the rest
            pass(bytes, deltas(bytes));
            Deltas ignored = deltas(bytes);
        }
    }

    /** {@link #runs} whose length in bytes comes first; behind them the bytes go on. */
    private void sizedRuns(ByteBuffer bytes, int bits) {
        int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw refusal("levels of " + length + " bytes");
        }
        runs(bytes.slice(bytes.position(), length), bits);
        bytes.position(bytes.position() + length);
    }

    /** Runs of the hybrid of run lengths and packed bits (RLE = 3): a packed one has its bits in the page, and is unpacked as a whole. */
    private void runs(ByteBuffer bytes, int bits) {
        if (bits < 0 || bits > MOST_BITS) {
            throw refusal("values of " + bits + " bits");
        }
        long left = values;
        while (left > 0 && bytes.hasRemaining()) {
            int header = varint(bytes);
            int groups = header >>> 1;
            if ((header & 1) == 0) {
                left -= groups;
                bytes.position(Math.min(bytes.limit(), bytes.position() + (bits + 7) / 8));
            } else {
                // The last group may lack bytes that stand for no value.
                long claimed = bits == 0 ? (left + 7) / 8 : bytes.remaining() / bits + 1L;
                if (groups > claimed || groups * 8L * Integer.BYTES > ReadLimits.page()) {
                    throw refusal(groups * 8L + " packed values");
                }
                left -= groups * 8L;
                bytes.position((int) Math.min(bytes.limit(), bytes.position() + (long) groups * bits));
            }
        }
    }

    /** Head of numbers that are told as differences (DELTA = 5): block size, parts of a block, how many numbers. */
    private record Deltas(int block, int parts, int count) {}

    /** All of them are unpacked at once. Leaves the bytes at the first. */
    private Deltas deltas(ByteBuffer bytes) {
        Deltas head = new Deltas(varint(bytes), varint(bytes), varint(bytes));
        if (head.parts <= 0
                || head.block < 8L * head.parts
                || head.count < 0
                || Math.max(head.block, (long) head.count) * Long.BYTES > ReadLimits.page()) {
            throw refusal(head.count + " values in blocks of " + head.block);
        }
        return head;
    }

    /** Passes over the numbers: the first; then blocks of a least difference, the widths of the parts, a byte each, and the parts. */
    private void pass(ByteBuffer bytes, Deltas head) {
        passVarint(bytes);
        int inPart = head.block / head.parts;
        for (long left = head.count - 1L; left > 0; ) {
            passVarint(bytes);
            int widths = bytes.position();
            pass(bytes, head.parts);
            for (int i = 0; i < head.parts && left > 0; i++) {
                pass(bytes, inPart / 8L * Byte.toUnsignedInt(bytes.get(widths + i)));
                left -= inPart;
            }
        }
    }

    private void pass(ByteBuffer bytes, long length) {
        if (length > bytes.remaining()) {
            throw refusal(length + " bytes where there are " + bytes.remaining());
        }
        bytes.position(bytes.position() + (int) length);
    }

    private void passVarint(ByteBuffer bytes) {
        do {
            pass(bytes, 1);
        } while (bytes.get(bytes.position() - 1) < 0);
    }

    private int varint(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw refusal("a number that goes on behind its end");
            }
            byte next = bytes.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw refusal("a number of more than 32 bits");
    }
}
