package dev.distill.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.journal.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of JSON lines that a run writes as it goes, each of which names its {@code step}. A run that goes on from a checkpoint drops the lines of the
 * steps that it will do again, and a torn last line.
 */
public final class StepLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<String> kept;

    private StepLines(Path file, List<String> kept) {
        this.file = file;
        this.kept = kept;
    }

    /** Keeps the file's lines up to this step, none where it is negative. */
    public static StepLines openAfter(Path file, int step) throws IOException {
        List<String> kept = step >= 0 && Files.exists(file) ? upTo(step, Files.readAllLines(file)) : List.of();
        AtomicFile.write(
                file, String.join("", kept.stream().map(line -> line + "\n").toList()));
        return new StepLines(file, kept);
    }

    private static List<String> upTo(int step, List<String> lines) {
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            try {
                JsonNode of = JSON.readTree(line).path("step");
                if (of.isInt() && of.asInt() <= step) {
                    kept.add(line);
                }
            } catch (JsonProcessingException e) {
                break; // the line that a killed process was writing; nothing whole follows it
            }
        }
        return kept;
    }

    /** What was there when it was opened. */
    public List<String> kept() {
        return kept;
    }

    /** Appends lines, without their ends. */
    public void add(List<String> lines) throws IOException {
        Files.write(file, lines, StandardOpenOption.APPEND);
    }

    /** Returns when all lines are on the disk: before a checkpoint from which a run would go on after them. */
    public void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
