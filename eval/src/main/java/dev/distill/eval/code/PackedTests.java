package dev.distill.eval.code;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Tests as they are kept until an answer is graded, for a task has gigabytes of them: JSON, compressed (zlib), in base64. LiveCodeBench's private tests are so in
 * its data, pickled by Python before. A pickle is a program, which may call anything; here it is not run: only one that holds a single text, and nothing else, is
 * read (opcodes of Python's {@code pickletools}).
 */
public final class PackedTests {
    private static final int MOST_BYTES = 512 << 20;

    /** Of the memory that this program may take: bytes, text and what is read of it stand there together. */
    private static final int PART = 8;

    private static final int PROTO = 0x80;
    private static final int FRAME = 0x95;
    private static final int MEMOIZE = 0x94;
    private static final int SHORT_TEXT = 0x8c;
    private static final int LONG_TEXT = 0x8d;

    private PackedTests() {}

    /** Packs JSON; {@link #unpack} gives the same text. */
    public static String pack(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory is no file", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * The JSON.
     *
     * @param column for errors
     * @throws IllegalArgumentException if it is something else, or too much for this program's memory
     */
    public static String unpack(String column, String base64) {
        return unpack(
                column, base64, (int) Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART));
    }

    /** @param most bytes of JSON */
    static String unpack(String column, String base64, int most) {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(decoded(base64)))) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IllegalArgumentException(column + ": must come to at most " + (most >> 20)
                        + " MiB of tests, an eighth of the memory that this program may take (-Xmx)");
            }
            boolean plain = bytes.length > 0 && (bytes[0] == '[' || bytes[0] == '{');
            return plain
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : text(column, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
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
