package dev.distill.train.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The frame as the TFRecord page has it, and checksums that RFC 3720, appendix B.4 gives. */
class RecordFileTest {
    /** RFC 3720: the CRC-32C of 32 zero bytes is 8a9136aa, of 0 to 31 it is 46dd794e. */
    @Test
    void aChecksumIsRotatedAndMoved() {
        byte[] ascending = new byte[32];
        for (int i = 0; i < 32; i++) {
            ascending[i] = (byte) i;
        }
        assertThat(RecordFile.maskedChecksum(new byte[32], 0, 32)).isEqualTo(masked(0x8a9136aa));
        assertThat(RecordFile.maskedChecksum(ascending, 0, 32)).isEqualTo(masked(0x46dd794e));
    }

    /** The words of the TFRecord page: {@code ((crc >> 15) | (crc << 17)) + 0xa282ead8ul}, in 32 bits without a sign. */
    private static int masked(int crc) {
        long unsigned = Integer.toUnsignedLong(crc);
        return (int) (((unsigned >> 15) | (unsigned << 17 & 0xffff_ffffL)) + 0xa282ead8L);
    }

    @Test
    void aRecordHasLengthContentAndTheChecksumsOfBoth() {
        byte[] content = {1, 2, 3, 4, 5};
        ByteBuffer record = ByteBuffer.wrap(RecordFile.framed(content)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(record.remaining()).isEqualTo(8 + 4 + 5 + 4);
        assertThat(record.getLong(0)).isEqualTo(5);
        assertThat(record.getInt(8)).isEqualTo(RecordFile.maskedChecksum(new byte[] {5, 0, 0, 0, 0, 0, 0, 0}, 0, 8));
        assertThat(Arrays.copyOfRange(record.array(), 12, 17)).isEqualTo(content);
        assertThat(record.getInt(17)).isEqualTo(RecordFile.maskedChecksum(content, 0, 5));
    }
}
