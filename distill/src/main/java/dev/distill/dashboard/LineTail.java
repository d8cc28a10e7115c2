package dev.distill.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows a file of JSON lines as it grows. A line is given out once it has its end; one that is no object is passed over. A
 * training that goes on after a checkpoint puts another file in the place of the first: that is said, and read from its beginning.
 */
final class LineTail {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_COMPARED = 256;

    private final Path file;
    /** The file's key, null where the system has none or there is no file. */
    private @Nullable Object key;

    private boolean there;
    private long offset;
    private byte[] last = {}; // what was read before the offset, some of it

    LineTail(Path file) {
        this.file = file;
    }

    /**
     * @param replaced whether what was given out before is no longer what the file holds
     * @param lines that have come since, about a megabyte at most
     */
    record News(boolean replaced, List<ObjectNode> lines) {
        static final News NONE = new News(false, List.of());

        boolean isNone() {
            return !replaced && lines.isEmpty();
        }
    }

    News read() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            boolean replaced = there && (!Objects.equals(now.fileKey(), key) || !goesOn());
            if (replaced) {
                rewind();
            }
            key = now.fileKey();
            there = true;
            return replaced || now.size() > offset ? new News(replaced, lines()) : News.NONE;
        } catch (FileSystemException e) { // gone, or not for us to read
            boolean gone = there;
            there = false;
            rewind();
            return gone ? new News(true, List.of()) : News.NONE;
        }
    }

    private void rewind() {
        offset = 0;
        last = new byte[0];
    }

    /** Whether what was read last still stands before the offset: a key may be given to another file once the first is gone. */
    private boolean goesOn() throws IOException {
        return Arrays.equals(bytes(offset - last.length, last.length), last);
    }

    /** So many bytes from there, fewer where the file ends. */
    private byte[] bytes(long from, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(most);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until it is full or the file ends
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private List<ObjectNode> lines() throws IOException {
        byte[] bytes = bytes(offset, MOST_BYTES);
        int whole = lastLineEnd(bytes, bytes.length);
        if (whole == 0 && bytes.length == MOST_BYTES) {
            whole = bytes.length; // a line of a megabyte is none of ours
        }
        if (whole > 0) {
            offset += whole;
            last = Arrays.copyOfRange(bytes, Math.max(0, whole - MOST_COMPARED), whole);
        }
        return objects(new String(bytes, 0, whole, StandardCharsets.UTF_8));
    }

    private static int lastLineEnd(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static List<ObjectNode> objects(String text) {
        List<ObjectNode> objects = new ArrayList<>();
        text.lines().forEach(line -> {
            try {
                JsonNode node = JSON.readTree(line);
                if (node instanceof ObjectNode object) {
                    objects.add(object);
                }
            } catch (JsonProcessingException e) {
                // a line that a killed process left without its end, and the next one finished
            }
        });
        return objects;
    }
}
