package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.intake.ImportReport;
import dev.distill.data.intake.ImportSettings;
import dev.distill.data.intake.ImportSource;
import dev.distill.data.intake.TraceFormat;
import dev.distill.data.intake.TraceImport;
import dev.distill.hub.DataSource;
import dev.distill.hub.Hub;
import dev.distill.hub.HubId;
import dev.distill.pipeline.RunFolder;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill traces import}: other people's data sets to a folder of traces. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads a data set of traces that somebody else made: JSON lines, a JSON list or Parquet, a folder of such, or a"
                    + " data set of the hub. What its columns mean is told from their names.",
            "The folder can be inspected, exported, and named in a recipe as harvest.traces."
        },
        footer = {
            "",
            "Example:",
            "  distill traces import open-r1/OpenR1-Math-220k:train --teacher DeepSeek-R1 --to openr1",
            "  distill traces import mine.jsonl --column question=q,answer=a --teacher me --to mine"
        })
final class TracesImportCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "Files, folders, or data sets of the hub as OWNER/NAME[@REVISION][:PART], read in this order.")
    List<String> sources = List.of();

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "The folder of traces to write; new.")
    Path to = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "F",
            description =
                    "What the columns are, where it cannot be told: openr1-math, s1k, openthoughts, sharegpt, numina-math,"
                            + " messages, alpaca, prompt-completion.")
    @Nullable
    String format;

    @Option(
            names = "--column",
            split = ",",
            paramLabel = "PART=NAME",
            description =
                    "Which column holds question, answer, reasoning, system, reference, teacher, for any other format.")
    Map<String, String> columns = new LinkedHashMap<>();

    @Option(names = "--teacher", paramLabel = "NAME", description = "Who wrote the replies, whatever the rows say.")
    @Nullable
    String teacher;

    @Option(
            names = "--licence",
            paramLabel = "ID",
            description = "Of the data set, as apache-2.0, whatever its rows and its card say.")
    @Nullable
    String licence;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "What the traces say of where they come from (the hub id, or the file's name).")
    @Nullable
    String source;

    @Option(
            names = "--date",
            paramLabel = "DAY",
            description = "When the replies were made, as 2025-02-10 (1970-01-01, for not known).")
    @Nullable
    String date;

    @Option(names = "--skip-bad", description = "Leave rows out that cannot be read, count and list them.")
    boolean skipBad;

    @Override
    public void check(Problems problems) {
        problems.refused(this::settings);
    }

    private ImportSettings settings() {
        return new ImportSettings(
                format == null ? null : TraceFormat.of(format),
                new TreeMap<>(columns),
                teacher,
                licence,
                source,
                completedAt(),
                skipBad);
    }

    private Instant completedAt() {
        if (date == null) {
            return Instant.EPOCH;
        }
        try {
            return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--date must be a day as 2025-02-10; got " + date, e);
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            List<ImportSource> files = files(console, stop);
            ImportReport report;
            try (Progress progress = console.progress("traces import (rows)", 0)) {
                report = TraceImport.run(files, settings(), to, RunFolder.CREATED_BY, rows -> {
                    progress.update(rows);
                    stop.check("traces import: stopped; the same command begins again");
                });
            }
            tell(report, console);
            return ExitCode.DONE;
        });
    }

    private List<ImportSource> files(Console console, Stop stop) throws IOException {
        List<ImportSource> files = new ArrayList<>();
        for (String given : sources) {
            Path path = Path.of(given);
            if (Files.isDirectory(path)) {
                files.addAll(ImportSource.of(path));
                continue;
            }
            switch (DataSource.of(given, path)) {
                case DataSource.Local(String _, Path file) -> files.addAll(ImportSource.of(file));
                case DataSource.Missing missing ->
                    throw new IllegalArgumentException("traces import: " + missing.message());
                case DataSource.OnHub(String _, HubId id) -> {
                    try (FetchProgress progress = new FetchProgress(console)) {
                        for (Path file : Hub.fromEnvironment()
                                .fetchDataset(id, progress, stop)
                                .files()) {
                            files.add(ImportSource.ofHub(file, id.repository()));
                        }
                    }
                }
            }
        }
        return files;
    }

    private void tell(ImportReport report, Console console) {
        ObjectNode result = JSON.createObjectNode().put("folder", to.toString());
        report.formats().forEach(result.putArray("formats")::add);
        result.put("rows", report.rows())
                .put("traces", report.traces())
                .put("skipped", report.skipped())
                .put("repeated", report.repeated());
        if (report.skipped() > 0) {
            result.put("list", to.resolve(TraceImport.SKIPPED).toString());
            report.examples().forEach(console::warn);
        }
        console.print(Figures.text(result));
        console.result(result);
    }
}
