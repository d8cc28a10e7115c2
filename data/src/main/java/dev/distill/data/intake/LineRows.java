package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON lines. Empty ones are passed over, and count; one that is too long for any row is passed over and told. */
final class LineRows implements Rows {
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** The longest line, in bytes; a few kilobytes of a compressed file may hold any number of them. */
    private static final int LONGEST =
            (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 16);

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private long number;

    LineRows(InputStream in) {
        this.in = in;
    }

    @Override
    public String unit() {
        return "line";
    }

    @Override
    public Optional<List<String>> columns() {
        return Optional.empty();
    }

    @Override
    public @Nullable Row next() throws IOException {
        for (byte[] line = nextLine(); line != null; line = nextLine()) {
            number++;
            Row row = row(line);
            if (row != null) {
                return row;
            }
        }
        return null;
    }

    private @Nullable Row row(byte[] bytes) {
        if (bytes.length > LONGEST) {
            return new Unreadable(
                    number, "must have at most " + (LONGEST >> 20) + " MiB; is this a file of JSON lines?");
        }
        try {
            String line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            if (line.isBlank()) {
                return null;
            }
            JsonNode node = RowJson.READER.readTree(line);
            return node.isObject()
                    ? new Read(number, node)
                    : new Unreadable(number, "must be a JSON object, got " + RowJson.kind(node));
        } catch (CharacterCodingException e) {
            return new Unreadable(number, "is not UTF-8; convert the file, or drop the line");
        } catch (JsonProcessingException e) {
            return new Unreadable(number, RowJson.problem(e));
        }
    }

    /** The bytes up to the next line feed; null at the end of the file. */
    private byte @Nullable [] nextLine() throws IOException {
        if (from == to && !fill()) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        do {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    write(line, i);
                    from = i + 1;
                    return line.toByteArray();
                }
            }
            write(line, to);
            from = to;
        } while (fill());
        return line.toByteArray();
    }

    /** What is too long is told by a byte too many, and not kept. */
    private void write(ByteArrayOutputStream line, int end) {
        line.write(buffer, from, Math.min(end - from, LONGEST + 1 - line.size()));
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
