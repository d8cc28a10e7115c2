package dev.distill.teacher.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events from bytes (WHATWG HTML, section 9.2.6), however the bytes are cut: lines end with LF, CR or CRLF and with
 * nothing else, are decoded as UTF-8 only when whole, and an event ends with an empty line. A byte order mark at the start is
 * skipped; an event that the end of the stream cuts off is dropped, as the standard says.
 *
 * <p>One difference from the standard: an event with a name or an id and no data is handed on, with empty data.
 *
 * <p>For one stream and one thread.
 */
public final class SseParser {
    private final int longestEvent;
    private final Consumer<SseEvent> sink;

    private byte[] line = new byte[1024];
    private int lineLength;
    private boolean firstLine = true;
    private boolean afterCr;

    private final StringBuilder data = new StringBuilder();
    private @Nullable String name;
    private @Nullable String id;
    private boolean begun;

    /**
     * @param longestEvent bytes that one line, and characters that the data of one event, may have
     * @param sink takes each event
     */
    public SseParser(int longestEvent, Consumer<SseEvent> sink) {
        this.longestEvent = longestEvent;
        this.sink = sink;
    }

    /**
     * Takes the next bytes, all of them.
     *
     * @throws EventTooLongException if a line or an event is longer than allowed
     */
    public void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            boolean secondHalf = afterCr && b == '\n';
            afterCr = b == '\r';
            if (b == '\r' || (b == '\n' && !secondHalf)) {
                endLine();
            } else if (b != '\n') {
                append(b);
            }
        }
    }

    private void append(byte b) {
        if (lineLength == line.length) {
            if (lineLength >= longestEvent) {
                throw new EventTooLongException(longestEvent);
            }
            line = Arrays.copyOf(line, Math.min(longestEvent, 2 * lineLength));
        }
        line[lineLength++] = b;
    }

    private void endLine() {
        int start = firstLine && startsWithByteOrderMark() ? 3 : 0;
        firstLine = false;
        int length = lineLength;
        lineLength = 0;
        if (length == start) {
            dispatch();
            return;
        }
        int colon = start;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        if (colon == start) {
            return; // a comment: keep-alive
        }
        int value = colon + 1 < length && line[colon + 1] == ' ' ? colon + 2 : Math.min(colon + 1, length);
        takeField(
                new String(line, start, colon - start, StandardCharsets.UTF_8),
                new String(line, value, length - value, StandardCharsets.UTF_8));
    }

    private boolean startsWithByteOrderMark() {
        return lineLength >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private void takeField(String field, String value) {
        switch (field) {
            case "data" -> {
                if (data.length() + value.length() >= longestEvent) {
                    throw new EventTooLongException(longestEvent);
                }
                data.append(value).append('\n');
                begun = true;
            }
            case "event" -> {
                name = value;
                begun = true;
            }
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    id = value;
                    begun = true;
                }
            }
            default -> {} // retry belongs to browsers; unknown fields are ignored
        }
    }

    private void dispatch() {
        if (!begun) {
            return;
        }
        String joined = data.isEmpty() ? "" : data.substring(0, data.length() - 1);
        SseEvent event = new SseEvent(name, joined, id);
        data.setLength(0);
        name = null;
        id = null;
        begun = false;
        sink.accept(event);
    }
}
