package dev.distill.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.eval.report.EvaluationReport;
import dev.distill.eval.report.HarnessFiles;
import dev.distill.eval.report.ReportFiles;
import dev.distill.eval.report.TaskScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an evaluation leaves in its folder beside the answers. */
final class EvalFiles {
    /** The score of each task. */
    static final String SCORES = "scores.json";

    /** For people, with every answer. */
    static final String PAGE = ReportFiles.PAGE;

    private static final String HARNESS = "harness";
    private static final String CREATED_BY = RunFolder.CREATED_BY;
    private static final ObjectMapper JSON = new ObjectMapper();

    private EvalFiles() {}

    static List<TaskScore> scores(Path folder) throws IOException {
        return JSON.readValue(folder.resolve(SCORES).toFile(), new TypeReference<>() {});
    }

    static void write(Path folder, List<TaskScore> scores) throws IOException {
        AtomicFile.write(
                folder.resolve(SCORES),
                JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(scores) + "\n");
    }

    /** Writes the report in all its forms. */
    static List<FileEntry> write(Path folder, EvaluationReport report) throws IOException {
        ReportFiles.write(report, folder);
        List<String> names = new ArrayList<>(List.of(SCORES, PAGE, ReportFiles.MARKDOWN, ReportFiles.JSON));
        HarnessFiles.write(report, folder.resolve(HARNESS), CREATED_BY)
                .forEach(file -> names.add(folder.relativize(file).toString()));
        List<FileEntry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(FileEntry.of(name, folder.resolve(name)));
        }
        return entries;
    }
}
