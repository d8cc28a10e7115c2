package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.*;

import dev.distill.student.weights.WeightsException.Rule;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads a GGUF header from front to back; whatever would reach past the end of the file is an error before it is read. */
final class GgufCursor {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** As in safetensors. */
    private static final long MAX_BYTES = 100_000_000;

    private static final long MAX_VALUES = 4_000_000;

    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final MemorySegment file;
    private final String name;
    private long position;
    private long values;

    GgufCursor(MemorySegment file, String name) {
        this.file = file;
        this.name = name;
    }

    long position() {
        return position;
    }

    void magic() throws WeightsException {
        if (file.byteSize() < 24) {
            throw bad(HEADER_TOO_SMALL, "it has " + file.byteSize() + " bytes, a header needs 24");
        }
        if (int32() != 0x46554747) {
            throw bad(INVALID_HEADER, "it does not begin with \"GGUF\"");
        }
        int version = int32();
        if (version != 2 && version != 3) {
            throw bad(INVALID_HEADER, "version 2 or 3 (little-endian) is read here; got " + version);
        }
    }

    /** A count of things of at least {@code least} bytes each, which must fit the rest of the file. */
    long count(String what, int least) throws WeightsException {
        long count = int64();
        if (count < 0 || count > (file.byteSize() - position) / least) {
            throw bad(INVALID_HEADER_LENGTH, "it claims " + Long.toUnsignedString(count) + " " + what);
        }
        return count;
    }

    /** Counts values that are about to be read, each of which takes some memory. */
    void spend(long count) throws WeightsException {
        values += count;
        if (values > MAX_VALUES) {
            throw bad(HEADER_TOO_LARGE, "its header may have " + MAX_VALUES + " values; it has more");
        }
    }

    String string() throws WeightsException {
        long length = count("bytes of text", 1);
        byte[] bytes = file.asSlice(take(length), length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    Object value() throws WeightsException {
        int type = int32();
        if (type != ARRAY) {
            return scalar(type);
        }
        int element = int32();
        if (element == ARRAY) {
            throw bad(INVALID_HEADER, "lists of lists are not read here");
        }
        long count = count("list entries", size(element));
        spend(count);
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            list.add(scalar(element));
        }
        return Collections.unmodifiableList(list);
    }

    private Object scalar(int type) throws WeightsException {
        return switch (type) {
            case 0 -> file.get(ValueLayout.JAVA_BYTE, take(1)) & 0xFFL;
            case 1 -> (long) file.get(ValueLayout.JAVA_BYTE, take(1));
            case 2 -> file.get(SHORT, take(2)) & 0xFFFFL;
            case 3 -> (long) file.get(SHORT, take(2));
            case 4 -> int32() & 0xFFFFFFFFL;
            case 5 -> (long) int32();
            case 6 -> (double) Float.intBitsToFloat(int32());
            case 7 -> file.get(ValueLayout.JAVA_BYTE, take(1)) != 0;
            case STRING -> string();
            case 10, 11 -> int64();
            case 12 -> Double.longBitsToDouble(int64());
            default -> throw unknown(type);
        };
    }

    private int size(int type) throws WeightsException {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case STRING, 10, 11, 12 -> 8;
            default -> throw unknown(type);
        };
    }

    private WeightsException unknown(int type) {
        return bad(INVALID_HEADER, "metadata type " + type + " is not in the specification");
    }

    int int32() throws WeightsException {
        return file.get(INT, take(4));
    }

    long int64() throws WeightsException {
        return file.get(LONG, take(8));
    }

    private long take(long bytes) throws WeightsException {
        if (bytes > file.byteSize() - position) {
            throw bad(INVALID_HEADER_LENGTH, "its header reaches past its end (a cut download?)");
        }
        if (bytes > MAX_BYTES - position) {
            throw bad(HEADER_TOO_LARGE, "its header must have at most " + MAX_BYTES + " bytes");
        }
        long at = position;
        position += bytes;
        return at;
    }

    WeightsException bad(Rule rule, String what) {
        return new WeightsException(rule, name + ": not a sound GGUF file: " + what);
    }
}
