package dev.distill.student.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A GGUF file made by hand, sound or not. */
final class GgufBytes {
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private long keys;
    private long tensors;

    private static void put(ByteArrayOutputStream out, int bytes, long value) {
        byte[] little = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        out.write(little, 0, bytes);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(out, 8, bytes.length);
        out.writeBytes(bytes);
    }

    private GgufBytes key(String key, int type) {
        keys++;
        text(metadata, key);
        put(metadata, 4, type);
        return this;
    }

    GgufBytes text(String key, String value) {
        key(key, 8);
        text(metadata, value);
        return this;
    }

    GgufBytes whole(String key, long value) {
        key(key, 4);
        put(metadata, 4, value);
        return this;
    }

    GgufBytes real(String key, double value) {
        key(key, 6);
        put(metadata, 4, Float.floatToIntBits((float) value));
        return this;
    }

    /** A list that claims this many entries of a type and holds none. */
    GgufBytes claim(String key, int type, long entries) {
        key(key, 9);
        put(metadata, 4, type);
        put(metadata, 8, entries);
        return this;
    }

    /** Bytes of zeros, so that the file has room for what it claims. */
    GgufBytes zeros(int count) {
        metadata.writeBytes(new byte[count]);
        return this;
    }

    /** F32 zeros at the next free place; the shape in GGUF's order, the fastest dimension first. */
    GgufBytes tensor(String name, long... shape) {
        long offset = data.size();
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        data.writeBytes(new byte[Math.toIntExact((size * 4 + 31) / 32 * 32)]);
        return info(name, 0, offset, shape);
    }

    GgufBytes info(String name, int type, long offset, long... shape) {
        tensors++;
        text(infos, name);
        put(infos, 4, shape.length);
        for (long extent : shape) {
            put(infos, 8, extent);
        }
        put(infos, 4, type);
        put(infos, 8, offset);
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        put(out, 4, 3);
        put(out, 8, tensors);
        put(out, 8, keys);
        out.writeBytes(metadata.toByteArray());
        out.writeBytes(infos.toByteArray());
        out.writeBytes(new byte[(32 - out.size() % 32) % 32]);
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    /** Opens these bytes without a file. */
    static GgufFile open(byte[] bytes) throws WeightsException {
        Arena arena = Arena.ofConfined();
        try {
            return GgufFile.of(
                    Path.of("made.gguf"),
                    arena,
                    arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes)));
        } catch (WeightsException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    GgufFile open() throws IOException {
        return open(bytes());
    }
}
