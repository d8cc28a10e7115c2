package dev.distill.train.watch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message in the wire format of protocol buffers (protobuf.dev/programming-guides/encoding), as far as event files need it.
 * Fields stand in the order in which they are added; a whole number that is 0 is left out, as proto3 has it.
 */
final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int I64 = 1;
    private static final int LENGTH = 2;
    private static final int I32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ProtoMessage whole(int field, long value) {
        if (value == 0) {
            return this;
        }
        tag(field, VARINT);
        varint(value);
        return this;
    }

    ProtoMessage real(int field, double value) {
        tag(field, I64);
        return fixed(
                ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value));
    }

    ProtoMessage real(int field, float value) {
        tag(field, I32);
        return fixed(
                ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value));
    }

    ProtoMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoMessage message(int field, ProtoMessage value) {
        return bytes(field, value.toBytes());
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private ProtoMessage bytes(int field, byte[] value) {
        tag(field, LENGTH);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    private ProtoMessage fixed(ByteBuffer value) {
        bytes.writeBytes(value.array());
        return this;
    }

    private void tag(int field, int type) {
        varint((long) field << 3 | type);
    }

    /** Seven bits a byte, the lowest first; the eighth says that more follow. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
