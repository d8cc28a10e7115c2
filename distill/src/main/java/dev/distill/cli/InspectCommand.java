package dev.distill.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.query.TraceCondition;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill inspect}: what a file or folder holds. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Says what a file or folder holds.",
            "It knows shards of traces, models, safetensors, GGUF, tokenizers, checkpoints, runs, stages, scores, manifests,"
                    + " decisions and journals."
        },
        footer = {
            "",
            "Example:",
            "  distill inspect runs/demo/harvest --rows 3",
            "  distill inspect runs/demo/harvest --trace 74dc78f3",
            "  distill inspect runs/demo --where \"finish = 'length' AND length(reasoning) > 4000\" --rows 10"
        })
final class InspectCommand implements Callable<Integer>, Checked {
    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "PATH", description = "The file or folder, or a model's hub id.")
    String given = "";

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "3",
            description = "Traces, tensors or failed units to show (${DEFAULT-VALUE}).")
    int rows;

    @Option(
            names = "--trace",
            paramLabel = "ID",
            description =
                    "Show one trace of the shards or the run at PATH, the one whose id begins so: whole, and what became of it.")
    @Nullable
    String trace;

    @Option(
            names = "--where",
            paramLabel = "SQL",
            description =
                    "Count the traces of the shards or the run at PATH that fulfil this condition, and show the first --rows of them.")
    @Nullable
    String where;

    @Override
    public void check(Problems problems) {
        problems.least("--rows", rows, 0);
        if (where != null) {
            String condition = where;
            problems.refused("--where: ", () -> TraceCondition.of(condition));
            if (trace != null) {
                problems.add("--where and --trace: give one of the two");
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            Path path = ModelArgument.find("PATH", given, console, stop).path();
            ObjectNode found = found(path);
            console.print(Figures.text(found));
            console.result(found);
            return ExitCode.DONE;
        });
    }

    private ObjectNode found(Path path) throws IOException {
        if (where != null) {
            return TraceFigures.where(path, where, rows);
        }
        return trace == null ? Artefact.describe(path, rows) : TraceFigures.find(path, trace);
    }
}
