package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.publish.ExportFormat;
import dev.distill.data.publish.ExportSettings;
import dev.distill.data.publish.ReasoningPlace;
import dev.distill.data.publish.TraceExport;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.pipeline.RunFolder;
import dev.distill.pipeline.Stop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill traces export}: a folder of traces for other programs. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes a folder of traces (of a harvest, a curation or an import) as a data set for other programs, with a card"
                    + " that says where it comes from, who taught, what was filtered, and under which licences.",
            "Formats: messages, sharegpt, alpaca and prompt-completion are JSON lines; hf and openr1-math are Parquet, as the"
                    + " Hugging Face hub has it. datasets.load_dataset reads each of the folders."
        },
        footer = {"", "Example:", "  distill traces export runs/demo/curate --to demo-traces --as hf --language en"})
final class TracesExportCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "DIR", description = "The folder of traces.")
    Path from = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "OUT", description = "The folder to write; new.")
    Path to = Path.of("");

    @Option(
            names = "--as",
            required = true,
            paramLabel = "FORMAT",
            description = "messages, sharegpt, alpaca, prompt-completion, hf or openr1-math.")
    String format = "";

    @Option(
            names = "--reasoning",
            paramLabel = "PLACE",
            defaultValue = "think-tags",
            description = "think-tags: before the answer, between <think> and </think>; separate: apart from it; none:"
                    + " left out (${DEFAULT-VALUE}).")
    String reasoning = "";

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "train",
            description = "Name of the split (${DEFAULT-VALUE}).")
    String split = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "Of the card.")
    @Nullable
    String title;

    @Option(
            names = "--licence",
            paramLabel = "ID",
            description =
                    "Of the data set, as the hub writes it (those that the traces name; other where some name none).")
    @Nullable
    String licence;

    @Option(names = "--language", split = ",", paramLabel = "CODE", description = "Of the text, as en, for the card.")
    List<String> languages = List.of();

    @Override
    public void check(Problems problems) {
        problems.refused(this::settings);
    }

    private ExportSettings settings() {
        return ExportSettings.of(ExportFormat.of(format))
                .with(ReasoningPlace.of(reasoning))
                .withSplit(split)
                .withCard(title, licence, languages);
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            Manifest manifest;
            try (Progress progress = console.progress("traces export", 0)) {
                manifest = TraceExport.run(from, settings(), to, RunFolder.CREATED_BY, traces -> {
                    progress.update(traces);
                    stop.check("traces export: stopped; nothing is left of it, the same command begins again");
                });
            }
            tell(manifest, console);
            return ExitCode.DONE;
        });
    }

    private void tell(Manifest manifest, Console console) {
        ObjectNode result = JSON.createObjectNode()
                .put("folder", to.toString())
                .put("format", format)
                .put("traces", manifest.counts().getOrDefault("traces", 0L))
                .put(
                        "rows",
                        manifest.outputs().stream()
                                .mapToLong(file -> file.rows().orElse(0))
                                .sum())
                .put(
                        "bytes",
                        manifest.outputs().stream().mapToLong(FileEntry::bytes).sum());
        ArrayNode files = result.putArray("files");
        manifest.outputs().forEach(file -> files.add(to.resolve(file.path()).toString()));
        console.print(Figures.text(result));
        console.result(result);
    }
}
