package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

/** Pages that claim more than they hold, in each way in which levels and values are encoded. Numbers are those of Encodings.md. */
@SuppressWarnings("deprecation") // BIT_PACKED: what parquet-mr calls levels that are not there
class PageClaimsTest {
    /** 2^28 groups of eight packed values, as a varint. */
    private static final byte[] PACKED = {(byte) 0x81, (byte) 0x80, (byte) 0x80, (byte) 0x80, 2};
    /** Blocks of 128 in 4 parts, and 100,000,000 numbers. */
    private static final byte[] DELTAS = {(byte) 0x80, 1, 4, (byte) 0x80, (byte) 0xc2, (byte) 0xd7, 0x2f, 0};
    /** The same of one number, which is 0. */
    private static final byte[] ONE_DELTA = {(byte) 0x80, 1, 4, 1, 0};

    private static ColumnDescriptor column(String type) {
        return MessageTypeParser.parseMessageType("message m { " + type + " a; }")
                .getColumns()
                .getFirst();
    }

    private static byte[] join(byte[]... parts) throws IOException {
        BytesInput[] all = new BytesInput[parts.length];
        for (int i = 0; i < parts.length; i++) {
            all[i] = BytesInput.from(parts[i]);
        }
        return BytesInput.concat(all).toByteArray();
    }

    /** With its length before it, of less than 256 bytes. */
    private static byte[] sized(byte[] runs) throws IOException {
        return join(new byte[] {(byte) runs.length, 0, 0, 0}, runs);
    }

    private static void first(String type, Encoding levels, Encoding values, byte[] bytes) throws IOException {
        ColumnDescriptor column = column(type);
        PageClaims.check(
                column,
                new DataPageV1(
                        BytesInput.from(bytes),
                        1,
                        bytes.length,
                        Statistics.createStats(column.getPrimitiveType()),
                        levels,
                        levels,
                        values));
    }

    private static void second(String type, Encoding values, byte[] bytes) throws IOException {
        ColumnDescriptor column = column(type);
        PageClaims.check(
                column,
                DataPageV2.uncompressed(
                        1,
                        0,
                        1,
                        BytesInput.empty(),
                        BytesInput.empty(),
                        values,
                        BytesInput.from(bytes),
                        Statistics.createStats(column.getPrimitiveType())));
    }

    private static void assertRefused(String type, Encoding levels, Encoding values, byte[] bytes, String claim) {
        assertThatThrownBy(() -> first(type, levels, values, bytes))
                .isInstanceOf(ParquetDecodingException.class)
                .hasMessage("column a: a page claims " + claim + ", more than it can hold");
    }

    private static void assertRefusedInVersion2(String type, Encoding values, byte[] bytes, String claim) {
        assertThatThrownBy(() -> second(type, values, bytes))
                .isInstanceOf(ParquetDecodingException.class)
                .hasMessage("column a: a page claims " + claim + ", more than it can hold");
    }

    @Test
    void levelsThatAreNotThereHideNothing() {
        for (Encoding levels : new Encoding[] {Encoding.RLE, Encoding.BIT_PACKED}) {
            assertRefused(
                    "required int32",
                    levels,
                    Encoding.DELTA_BINARY_PACKED,
                    DELTAS,
                    "100000000 values in blocks of 128");
        }
    }

    @Test
    void packedLevelsArePassedOver() throws IOException {
        byte[] level = {(byte) 0x80};
        assertRefused(
                "optional int32",
                Encoding.BIT_PACKED,
                Encoding.DELTA_BINARY_PACKED,
                join(level, DELTAS),
                "100000000 values in blocks of 128");
        assertThatCode(() -> first(
                        "optional int32", Encoding.BIT_PACKED, Encoding.DELTA_BINARY_PACKED, join(level, ONE_DELTA)))
                .doesNotThrowAnyException();
    }

    @Test
    void levelsInAnotherEncodingAreRefused() {
        assertRefused(
                "required int32",
                Encoding.DELTA_BINARY_PACKED,
                Encoding.PLAIN,
                DELTAS,
                "levels that are encoded as DELTA_BINARY_PACKED");
    }

    @Test
    void booleansInRuns() throws IOException {
        byte[] forged = sized(join(PACKED, new byte[3]));
        assertRefused("required boolean", Encoding.BIT_PACKED, Encoding.RLE, forged, "2147483648 packed values");
        assertRefusedInVersion2("required boolean", Encoding.RLE, forged, "2147483648 packed values");
        byte[] sound = sized(new byte[] {3, 1});
        assertThatCode(() -> first("required boolean", Encoding.BIT_PACKED, Encoding.RLE, sound))
                .doesNotThrowAnyException();
    }

    @Test
    void lengthsOfWhatIsNotSharedToo() throws IOException {
        byte[] forged = join(ONE_DELTA, DELTAS);
        assertRefused(
                "required binary",
                Encoding.RLE,
                Encoding.DELTA_BYTE_ARRAY,
                forged,
                "100000000 values in blocks of 128");
        assertRefusedInVersion2(
                "required binary", Encoding.DELTA_BYTE_ARRAY, forged, "100000000 values in blocks of 128");
    }

    @Test
    void moreThanABlockHasParts() {
        byte[] parts = {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 1, 0};
        assertRefused("required int32", Encoding.RLE, Encoding.DELTA_BINARY_PACKED, parts, "1 values in blocks of 0");
    }

    @Test
    void indicesOfMoreBitsThanANumberHas() {
        assertRefused(
                "required binary", Encoding.RLE, Encoding.RLE_DICTIONARY, new byte[] {-8, 0}, "values of -8 bits");
    }
}
