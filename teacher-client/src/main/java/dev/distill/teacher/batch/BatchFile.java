package dev.distill.teacher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.wire.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A file of requests in the making: JSON lines, each with a name of its own by which its reply is found again. */
public final class BatchFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Endpoint endpoint;
    private final int mostRequests;
    private final long mostBytes;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private int requests;

    /**
     * A file without requests.
     *
     * @param mostRequests that the provider takes in one file
     * @param mostBytes likewise
     */
    public BatchFile(Endpoint endpoint, int mostRequests, long mostBytes) {
        this.endpoint = endpoint;
        this.mostRequests = mostRequests;
        this.mostBytes = Math.min(mostBytes, Integer.MAX_VALUE - 64);
    }

    /** Adds a request; false, and nothing is added, where the file has no room for it. A first request always has room. */
    public boolean add(String name, TeacherRequest request) {
        byte[] line = line(name, request);
        if (requests > 0 && (requests >= mostRequests || lines.size() + (long) line.length > mostBytes)) {
            return false;
        }
        lines.writeBytes(line);
        requests++;
        return true;
    }

    /** The same body as for a reply that is asked for alone, but not streamed. */
    private byte[] line(String name, TeacherRequest request) {
        try {
            Dialect dialect = endpoint.dialect();
            Dialect whole = dialect.asking(dialect.asked().inOnePiece());
            ObjectNode line = JSON.createObjectNode()
                    .put("custom_id", name)
                    .put("method", "POST")
                    .put("url", BatchApi.COMPLETIONS);
            line.set("body", JSON.readTree(whole.body(endpoint.model(), request)));
            return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("batch: the dialect's own body is no JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int requests() {
        return requests;
    }

    byte[] bytes() {
        return lines.toByteArray();
    }
}
