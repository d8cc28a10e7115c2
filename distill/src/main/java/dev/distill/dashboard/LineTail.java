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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows a file of JSON lines as it grows. A line is given out once it has its end; one that is no object is passed over. A
 * training that goes on after a checkpoint puts another file in the place of the first: that is said, and read from its beginning.
 */
final class LineTail {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 20;

    private final Path file;
    private @Nullable Object identity;
    private long offset;

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
            Object found = List.of(now.creationTime(), String.valueOf(now.fileKey()));
            boolean replaced = identity != null && (!found.equals(identity) || now.size() < offset);
            if (replaced) {
                offset = 0;
            }
            identity = found;
            return replaced || now.size() > offset ? new News(replaced, lines()) : News.NONE;
        } catch (FileSystemException e) { // gone, or not for us to read
            boolean gone = identity != null;
            identity = null;
            offset = 0;
            return gone ? new News(true, List.of()) : News.NONE;
        }
    }

    private List<ObjectNode> lines() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.position(offset);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until it is full or the file ends
            }
        }
        int whole = lastLineEnd(bytes.array(), bytes.position());
        if (whole == 0 && !bytes.hasRemaining()) {
            whole = bytes.position(); // a line of a megabyte is none of ours
        }
        offset += whole;
        return objects(new String(bytes.array(), 0, whole, StandardCharsets.UTF_8));
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
