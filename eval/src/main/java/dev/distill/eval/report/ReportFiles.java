package dev.distill.eval.report;

import dev.distill.data.journal.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** The report's files in a folder: {@code report.json}, {@code report.md} and {@code report.html}, each whole or not at all. */
public final class ReportFiles {
    public static final String JSON = "report.json";
    public static final String MARKDOWN = "report.md";
    public static final String PAGE = "report.html";

    private ReportFiles() {}

    /**
     * Writes them; those that stand there are replaced.
     *
     * @return the page
     */
    public static Path write(EvaluationReport report, Path folder) throws IOException {
        AtomicFile.write(folder.resolve(JSON), ReportJson.of(report));
        AtomicFile.write(folder.resolve(MARKDOWN), ReportMarkdown.of(report));
        Path page = folder.resolve(PAGE);
        AtomicFile.write(page, ReportPage.of(report));
        return page;
    }
}
