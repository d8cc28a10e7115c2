package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.report.Published;
import dev.distill.eval.report.SweReport;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill report swe-results}: what SWE-bench's harness has found, beside what others have published. */
@Command(
        name = "swe-results",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads what SWE-bench's own harness reports of predictions (MODEL.RUN.json), and puts the share of resolved issues, with its"
                    + " interval, beside the published figures of R1 and others."
        },
        footer = {"", "Example:", "  distill report swe-results student.one.json"})
final class SweResultsCommand implements Callable<Integer>, Checked {
    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "FILE", description = "The harness's report.")
    Path file = Path.of("");

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "Its name in the table (what stands before the first point of FILE).")
    @Nullable
    String model;

    @Override
    public void check(Problems problems) {
        if (!Files.isRegularFile(file)) {
            problems.add("report swe-results: FILE must be the harness's MODEL.RUN.json; got " + file);
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        SweReport report = SweReport.read(file);
        String name = model == null ? String.valueOf(file.getFileName()).replaceFirst("\\..*", "") : model;
        ObjectNode result = new ObjectMapper()
                .createObjectNode()
                .put("model", name)
                .put("n", report.total())
                .put("submitted", report.submitted())
                .put("resolved", report.resolved().size())
                .put("unresolved", report.unresolved().size())
                .put("empty", report.empty().size())
                .put("errors", report.errors().size())
                .put("share", report.share().value())
                .put("low", report.share().low())
                .put("high", report.share().high());
        ObjectNode published = result.putObject("published");
        for (Published.Figure figure : Published.of(SweReport.TASK)) { // in percent there
            published.put(
                    figure.model(),
                    BigDecimal.valueOf(figure.value()).movePointLeft(2).doubleValue());
        }
        console.print(report.markdown(name));
        console.result(result);
        return ExitCode.DONE;
    }
}
