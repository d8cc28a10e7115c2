package dev.distill.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill inspect}: what a file or folder holds. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says what a file or folder holds: shards of traces, a model, safetensors, GGUF, a tokenizer, a"
                + " checkpoint, a run, a manifest, a journal.",
        footer = {"", "Example:", "  distill inspect runs/demo/harvest --rows 3"})
final class InspectCommand implements Callable<Integer> {
    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "PATH", description = "The file or folder.")
    Path path = Path.of("");

    @Option(names = "--rows", defaultValue = "3", description = "Traces or tensors to show (${DEFAULT-VALUE}).")
    int rows;

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        ObjectNode found = Artefact.describe(path, rows);
        console.print(Figures.text(found));
        console.result(found);
        return ExitCode.DONE;
    }
}
