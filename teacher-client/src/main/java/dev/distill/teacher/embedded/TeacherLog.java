package dev.distill.teacher.embedded;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What an embedded teacher served, one JSON object a line, in the order in which the replies ended.
 *
 * <p>A line is handed to the operating system in one write before the end of its reply goes out. So every reply that a
 * client has seen complete is here, also after the process is killed; only a power failure can lose lines. A line torn by a
 * kill is cut off when the log is opened again. A reply that was complete here may still have been lost on its way to the
 * client.
 */
public final class TeacherLog implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter WRITER = JSON.writerFor(Entry.class);
    private static final ObjectReader READER = JSON.readerFor(Entry.class);

    private final Path file;
    private final FileChannel channel;

    /**
     * One served reply.
     *
     * @param request hash of the request
     * @param promptId the prompt's id, as {@link dev.distill.data.trace.Prompt#of} makes it
     * @param sample which of the prompt's samples: the request's {@code seed} parameter less the first one
     * @param attempt how often this request had come, this time included
     * @param transport what went wrong on the way, see {@link TransportFault#word}
     * @param content what is wrong with the text, see {@link dev.distill.teacher.embedded.fault.ContentFault#word}; of
     *     replies without text too
     * @param detail the kind within the content fault
     * @param status the HTTP status
     * @param promptTokens tokens billed for the request; 0 where nothing was billed
     * @param completionTokens tokens billed for the reply
     * @param complete whether the whole reply, as long as the teacher wanted it, was handed to the connection
     */
    public record Entry(
            @JsonProperty("request") String request,
            @JsonProperty("prompt") String promptId,
            @JsonProperty("sample") long sample,
            @JsonProperty("attempt") int attempt,
            @JsonProperty("transport") String transport,
            @JsonProperty("content") String content,
            @JsonProperty("detail") String detail,
            @JsonProperty("status") int status,
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("completion_tokens") long completionTokens,
            @JsonProperty("complete") boolean complete) {

        /** Whether a client that got this reply has what it asked for and must not buy it again. */
        public boolean bought() {
            return complete && transport.equals(TransportFault.NONE.word());
        }
    }

    private TeacherLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the log at its end, after cutting off a torn last line; makes the file and its folder where they are absent. */
    static TeacherLog open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.truncate(endOfLastLine(channel));
        channel.position(channel.size());
        return new TeacherLog(file, channel);
    }

    /** All entries of a log; a torn last line is left out. Throws {@link IOException} with the line's number where one is not ours. */
    public static List<Entry> read(Path file) throws IOException {
        String text = Files.readString(file);
        List<Entry> entries = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            try {
                entries.add(READER.readValue(text.substring(start, end)));
            } catch (JsonProcessingException e) {
                throw new IOException(
                        "teacher log " + file + ", line " + (entries.size() + 1) + ": " + e.getOriginalMessage(), e);
            }
            start = end + 1;
        }
        return entries;
    }

    public Path file() {
        return file;
    }

    synchronized void append(Entry entry) {
        try {
            byte[] line = (WRITER.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("teacher log " + file + " cannot be written: is the disk full?", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel.isOpen()) {
            channel.force(true);
            channel.close();
        }
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == '\n') {
                return end;
            }
        }
        return 0;
    }
}
