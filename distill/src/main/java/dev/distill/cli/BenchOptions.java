package dev.distill.cli;

import dev.distill.bench.ModelFolder;
import dev.distill.hub.ModelSource;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that measure a model have in common. */
final class BenchOptions {
    @Mixin
    ConsoleOptions console = new ConsoleOptions();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description =
                    "A Hugging Face folder, a GGUF file, a hub id such as Qwen/Qwen2.5-0.5B, fetched into the hub's cache,"
                            + " or the name of a shape, which gets random weights: see docs/cli.md.")
    String model = "";

    @Mixin
    ShapeOptions shapes = new ShapeOptions();

    @Mixin
    ComputeOptions compute = new ComputeOptions(ComputeOptions.Word.AUTO);

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of the tokens, and of random weights (${DEFAULT-VALUE}).")
    long seed;

    /** What {@code --model} names, made or fetched where it must be. The caller closes it. */
    ModelFolder folder(Console console, Stop stop) throws IOException {
        ModelFolder folder = shapes.folder(model, seed, console);
        if (Files.exists(folder.path())) {
            return folder;
        }
        if (ModelSource.of(model, folder.path()) instanceof ModelSource.Missing missing) {
            throw new IllegalArgumentException(
                    "--model " + missing.message() + ", nor one of the shapes " + ShapeOptions.names());
        }
        long begin = System.nanoTime();
        ModelArgument fetched = ModelArgument.find("--model", model, console, stop);
        return new ModelFolder(fetched.name(), fetched.path(), (System.nanoTime() - begin) / 1e9, null);
    }
}
