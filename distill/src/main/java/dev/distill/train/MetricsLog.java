package dev.distill.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.distill.data.journal.AtomicFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code metrics.jsonl}: one line a step, written as it happens. A run that goes on from a checkpoint drops the lines of
 * the steps that it will do again, a torn last line among them.
 */
final class MetricsLog implements AutoCloseable {
    static final String FILE_NAME = "metrics.jsonl";

    private final Path file;
    private final List<StepReport> reports;
    private final BufferedWriter out;

    private MetricsLog(Path file, List<StepReport> reports, BufferedWriter out) {
        this.file = file;
        this.reports = reports;
        this.out = out;
    }

    /** Opens the log of this folder for the steps after {@code step}. */
    static MetricsLog openAfter(Path folder, int step) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        List<StepReport> kept = new ArrayList<>();
        if (Files.exists(file) && step >= 0) {
            for (StepReport report : read(file)) {
                if (report.step() <= step) {
                    kept.add(report);
                }
            }
        }
        AtomicFile.write(file, target -> {
            for (StepReport report : kept) {
                target.write((StepLine.write(report) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
        return new MetricsLog(file, kept, Files.newBufferedWriter(file, StandardOpenOption.APPEND));
    }

    void add(StepReport report) throws IOException {
        reports.add(report);
        out.write(StepLine.write(report));
        out.newLine();
        out.flush();
    }

    /** Returns when all lines are on the disk: before a checkpoint from which a run would go on after them. */
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    List<StepReport> reports() {
        return List.copyOf(reports);
    }

    /** Every whole line of this file. */
    static List<StepReport> read(Path file) throws IOException {
        List<StepReport> reports = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            try {
                reports.add(StepLine.read(line));
            } catch (JsonProcessingException e) {
                break; // the line that a killed process was writing; nothing whole follows it
            }
        }
        return reports;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
