package dev.distill.eval.suite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.InflaterInputStream;

/**
 * LiveCodeBench's private tests: JSON, pickled by Python, compressed (zlib), in base64. A pickle is a program, which may call anything; here it is not run: only
 * one that holds a single text, and nothing else, is read (opcodes of Python's {@code pickletools}).
 */
final class PackedTests {
    private static final int MOST_BYTES = 512 << 20;
    private static final int PROTO = 0x80;
    private static final int FRAME = 0x95;
    private static final int MEMOIZE = 0x94;
    private static final int SHORT_TEXT = 0x8c;
    private static final int LONG_TEXT = 0x8d;

    private PackedTests() {}

    /**
     * The JSON.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static String unpack(String column, String base64) {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(decoded(base64)))) {
            byte[] pickle = in.readNBytes(MOST_BYTES + 1);
            if (pickle.length > MOST_BYTES) {
                throw new IllegalArgumentException(
                        column + ": must come to at most " + (MOST_BYTES >> 20) + " MiB of tests");
            }
            return text(column, ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    column + ": must be JSON, or that pickled, compressed and in base64; " + e.getMessage(), e);
        }
    }

    private static byte[] decoded(String base64) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException("no base64", e);
        }
    }

    private static String text(String column, ByteBuffer pickle) {
        String text = null;
        while (pickle.hasRemaining()) {
            int code = pickle.get() & 0xff;
            switch (code) {
                case PROTO, 'q' -> skip(column, pickle, 1);
                case FRAME -> skip(column, pickle, 8);
                case 'r' -> skip(column, pickle, 4);
                case MEMOIZE -> {}
                case SHORT_TEXT, 'X', LONG_TEXT -> {
                    if (text != null) {
                        throw notOneText(column, "it holds two");
                    }
                    text = read(column, pickle, code);
                }
                case '.' -> {
                    if (text == null) {
                        throw notOneText(column, "it holds none");
                    }
                    return text;
                }
                default -> throw notOneText(column, "it has the opcode 0x" + Integer.toHexString(code));
            }
        }
        throw notOneText(column, "it is cut off");
    }

    private static String read(String column, ByteBuffer pickle, int code) {
        int width = code == SHORT_TEXT ? 1 : code == 'X' ? 4 : 8;
        if (pickle.remaining() < width) {
            throw notOneText(column, "it is cut off");
        }
        long length = width == 1 ? pickle.get() & 0xff : width == 4 ? pickle.getInt() & 0xffff_ffffL : pickle.getLong();
        if (length < 0 || length > pickle.remaining()) {
            throw notOneText(column, "it is cut off");
        }
        byte[] bytes = new byte[(int) length];
        pickle.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void skip(String column, ByteBuffer pickle, int bytes) {
        if (pickle.remaining() < bytes) {
            throw notOneText(column, "it is cut off");
        }
        pickle.position(pickle.position() + bytes);
    }

    private static IllegalArgumentException notOneText(String column, String why) {
        return new IllegalArgumentException(
                column + ": must be a pickle of one text and nothing else, for pickles are not run here; " + why);
    }
}
