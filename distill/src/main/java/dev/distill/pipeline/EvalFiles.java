package dev.distill.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.eval.report.AgreementReport;
import dev.distill.eval.report.EvaluationReport;
import dev.distill.eval.report.HarnessFiles;
import dev.distill.eval.report.ReportFiles;
import dev.distill.eval.report.TaskScore;
import dev.distill.pipeline.Examination.GradedTwice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an evaluation leaves in its folder beside the answers. */
final class EvalFiles {
    /** The score of each task. */
    static final String SCORES = "scores.json";

    /** For people, with every answer. */
    static final String PAGE = ReportFiles.PAGE;

    /** The folder with the files that lm-evaluation-harness would have written. */
    static final String HARNESS = "harness";

    private static final String AGREEMENT = "agreement";
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

    /** Writes how far the judge agrees with the rules, and forgets what an earlier evaluation said of it; nothing where nothing was graded twice. */
    static List<FileEntry> writeAgreement(Path folder, List<GradedTwice> twice) throws IOException {
        for (String name : List.of(AGREEMENT + ".md", AGREEMENT + ".json")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        if (twice.isEmpty()) {
            return List.of();
        }
        AgreementReport report = new AgreementReport(twice.stream()
                .map(one -> AgreementReport.Entry.of(one.rule(), one.judge()))
                .toList());
        AtomicFile.write(folder.resolve(AGREEMENT + ".md"), report.markdown());
        AtomicFile.write(folder.resolve(AGREEMENT + ".json"), report.json());
        List<FileEntry> entries = new ArrayList<>();
        for (String name : List.of(AGREEMENT + ".md", AGREEMENT + ".json")) {
            entries.add(FileEntry.of(name, folder.resolve(name)));
        }
        return entries;
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
