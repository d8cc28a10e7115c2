package dev.distill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of scores that grows line by line. What a killed run left is kept, but for a torn last line; its last whole line is
 * compared with the same line computed again, so that another model's or input's scores are not gone on with.
 */
final class ScoreOutput implements AutoCloseable {
    /** Another machine or number of threads rounds differently; another model differs by far more. */
    private static final double TOLERANCE = 0.05;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final RandomAccessFile file;
    private final List<JsonNode> earlier = new ArrayList<>();

    private ScoreOutput(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static ScoreOutput open(Path path) throws IOException {
        ScoreOutput output = new ScoreOutput(path, new RandomAccessFile(path.toFile(), "rw"));
        try {
            output.readEarlier();
            return output;
        } catch (IOException | RuntimeException e) {
            output.file.close();
            throw e;
        }
    }

    private void readEarlier() throws IOException {
        long whole = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    line.write(b);
                    continue;
                }
                earlier.add(summary(line.toString(StandardCharsets.UTF_8)));
                whole += line.size() + 1L;
                line.reset();
            }
        }
        file.setLength(whole); // a torn last line goes
        file.seek(whole);
    }

    /** Sum and count only: a long run's lines do not fit in memory. */
    private JsonNode summary(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            if (json.path("sum").isNumber() && json.path("count").isInt()) {
                return JSON.createObjectNode()
                        .put("sum", json.path("sum").asDouble())
                        .put("count", json.path("count").asInt())
                        .put("top", top(json));
            }
        } catch (JsonProcessingException e) {
            // no score: the same message as for other JSON
        }
        throw new IllegalArgumentException(
                path + ": line " + (earlier.size() + 1) + " is no score; move the file away, or name another");
    }

    /** How many of the likeliest tokens a line tells at each place. */
    private static int top(JsonNode score) {
        return score.path("top_ids").path(0).size();
    }

    /** An output with more lines than its input was written from another one. */
    void requireAtMost(long lines, Path input) {
        if (earlier.size() > lines) {
            throw new IllegalArgumentException(path + ": has " + earlier.size() + " lines, more than the " + lines
                    + " of " + input + "; it was written from another input: move it away, or name another");
        }
    }

    /** Lines that an earlier run wrote. */
    long written() {
        return earlier.size();
    }

    /** Sum and count of an earlier run's line; null where it wrote none. */
    @Nullable
    JsonNode earlier(long line) {
        return line < earlier.size() ? earlier.get((int) line) : null;
    }

    /** The next line; one that is there already is compared. */
    void put(JsonNode score, @Nullable JsonNode before) throws IOException {
        if (before == null) {
            file.write((score + "\n").getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (top(score) != before.path("top").asInt()) {
            throw new IllegalArgumentException(path + ": was written with --top-k "
                    + before.path("top").asInt() + ", this is --top-k " + top(score)
                    + "; move it away, or name another");
        }
        double difference =
                Math.abs(score.path("sum").asDouble() - before.path("sum").asDouble());
        int count = score.path("count").asInt();
        if (count != before.path("count").asInt() || difference > TOLERANCE * Math.max(1, count)) {
            throw new IllegalArgumentException(path + ": its last line has the sum " + before.path("sum") + " over "
                    + before.path("count") + " tokens, computed again it is " + score.path("sum") + " over " + count
                    + "; it was written from another input or by another model: move it away, or name another");
        }
    }

    @Override
    public void close() throws IOException {
        file.getFD().sync();
        file.close();
    }
}
