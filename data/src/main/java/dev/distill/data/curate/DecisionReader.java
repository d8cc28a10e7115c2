package dev.distill.data.curate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells traces what a curation's {@code decisions.jsonl} says of them, one after the other in the order in which they were
 * curated; holds one line in memory. Traces that came later have no line. For one thread.
 */
public final class DecisionReader implements Closeable {
    /** Who gives the verdict that tells what became of a trace: passed where it was kept. */
    public static final String NAME = "curation";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final @Nullable BufferedReader lines;
    private @Nullable JsonNode next;

    private DecisionReader(@Nullable BufferedReader lines) throws IOException {
        this.lines = lines;
        this.next = line();
    }

    /** Of a file that need not be there. */
    public static DecisionReader open(Path file) throws IOException {
        return new DecisionReader(Files.exists(file) ? Files.newBufferedReader(file) : null);
    }

    /** The trace with a verdict {@link #NAME}, whose reason is the check by which it goes and why, and with the checks that it failed. */
    public Trace told(Trace trace) throws IOException {
        JsonNode line = next;
        if (line == null || !line.path("id").asText().equals(trace.id())) {
            return trace;
        }
        next = line();
        Trace told = trace;
        for (var failed : line.path("failed").properties()) {
            told = told.with(Verdict.fail(failed.getKey(), failed.getValue().asText()));
        }
        return told.with(
                line.path("kept").asBoolean()
                        ? Verdict.pass(NAME, "kept")
                        : Verdict.fail(
                                NAME,
                                line.path("reason").asText() + ": "
                                        + line.path("detail").asText()));
    }

    /** The next line; null behind the last, and where it is torn. */
    private @Nullable JsonNode line() throws IOException {
        String line = lines == null ? null : lines.readLine();
        try {
            return line == null ? null : JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
