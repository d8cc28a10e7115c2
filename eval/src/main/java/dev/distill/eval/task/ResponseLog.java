package dev.distill.eval.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.trace.FinishReason;
import dev.distill.eval.task.Responder.Response;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code responses.jsonl}: what one model answered to one task, a line a response, written as they come. Its first line
 * says under which model and decoding; a file of others is kept under another name.
 */
final class ResponseLog implements AutoCloseable {
    /** The key of the first line: the hash of what the responses depend on. */
    static final String CONDITIONS = "conditions";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(ResponseLog.class);

    private final List<Response> earlier;
    private final BufferedWriter out;

    private ResponseLog(List<Response> earlier, BufferedWriter out) {
        this.earlier = earlier;
        this.out = out;
    }

    /**
     * Opens this file and goes on with it. Where it was written under other conditions, it is moved to
     * {@code responses.1.jsonl}, {@code .2} ...: an evaluation may have taken hours.
     *
     * @param conditions hash of what the responses depend on
     * @param asked the same for people, as far as it is known
     */
    static ResponseLog open(Path file, String conditions, Conditions asked) throws IOException {
        if (Files.exists(file) && !isUnder(conditions, file)) {
            Path aside = free(file);
            Files.move(file, aside);
            LOG.warn("eval: model, task or decoding have changed; the earlier responses are kept in {}", aside);
        }
        List<Response> earlier = Files.exists(file) ? read(file) : List.of();
        AtomicFile.write(file, target -> {
            ObjectNode head = JSON.createObjectNode().put(CONDITIONS, conditions);
            asked.putInto(head);
            target.write((head + "\n").getBytes(StandardCharsets.UTF_8));
            for (Response response : earlier) {
                target.write((line(response) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
        return new ResponseLog(earlier, Files.newBufferedWriter(file, StandardOpenOption.APPEND));
    }

    private static boolean isUnder(String conditions, Path file) throws IOException {
        List<String> lines = lines(file);
        try {
            return !lines.isEmpty()
                    && JSON.readTree(lines.getFirst()).path(CONDITIONS).asText().equals(conditions);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** The first name of its kind that is not taken. */
    private static Path free(Path file) {
        String stem = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl$", "");
        int n = 1;
        while (Files.exists(file.resolveSibling(stem + "." + n + ".jsonl"))) {
            n++;
        }
        return file.resolveSibling(stem + "." + n + ".jsonl");
    }

    /** All but the head. */
    private static List<Response> read(Path file) throws IOException {
        List<Response> responses = new ArrayList<>();
        boolean head = true;
        for (String line : lines(file)) {
            JsonNode node;
            try {
                node = JSON.readTree(line);
            } catch (JsonProcessingException e) {
                break; // the line that a killed process was writing
            }
            if (!head) {
                responses.add(response(node));
            }
            head = false;
        }
        return responses;
    }

    /** A killed process may have left half of a line, and of a character. */
    private static List<String> lines(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    List<Response> earlier() {
        return earlier;
    }

    void add(Response response) {
        try {
            out.write(line(response));
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Response response) {
        ObjectNode node = JSON.createObjectNode()
                .put("prompt_id", response.promptId())
                .put("sample", response.sample())
                .put("reasoning", response.reasoning())
                .put("answer", response.answer())
                .put("finish_reason", response.finish().word());
        new Spent(response.usage(), response.seconds(), response.cost()).put(node);
        node.put("error", response.error());
        return node.toString();
    }

    private static Response response(JsonNode node) {
        Spent spent = Spent.of(node, 0);
        return new Response(
                node.path("prompt_id").asText(),
                node.path("sample").asInt(),
                text(node, "reasoning"),
                node.path("answer").asText(),
                FinishReason.of(node.path("finish_reason").asText()),
                spent.usage(),
                spent.seconds(),
                spent.cost(),
                text(node, "error"));
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asText() : null;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
