package dev.distill.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code metrics.jsonl}: one line a step. */
final class MetricsLog {
    static final String FILE_NAME = "metrics.jsonl";

    private final StepLines lines;
    private final List<StepReport> reports;

    private MetricsLog(StepLines lines, List<StepReport> reports) {
        this.lines = lines;
        this.reports = reports;
    }

    /** Opens the log of this folder for the steps after {@code step}; a negative one begins it anew. */
    static MetricsLog openAfter(Path folder, int step) throws IOException {
        StepLines lines = StepLines.openAfter(folder.resolve(FILE_NAME), step);
        return new MetricsLog(lines, reports(lines.kept()));
    }

    void add(StepReport report) throws IOException {
        reports.add(report);
        lines.add(List.of(StepLine.write(report)));
    }

    /** Returns when all lines are on the disk. */
    void sync() throws IOException {
        lines.sync();
    }

    List<StepReport> reports() {
        return List.copyOf(reports);
    }

    /** Every whole line of this file. */
    static List<StepReport> read(Path file) throws IOException {
        return reports(Files.readAllLines(file));
    }

    private static List<StepReport> reports(List<String> lines) {
        List<StepReport> reports = new ArrayList<>();
        for (String line : lines) {
            try {
                reports.add(StepLine.read(line));
            } catch (JsonProcessingException e) {
                break; // the line that a killed process was writing; nothing whole follows it
            }
        }
        return reports;
    }
}
