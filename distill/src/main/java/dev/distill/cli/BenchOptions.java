package dev.distill.cli;

import dev.distill.bench.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                    "A Hugging Face folder, a GGUF file, or the name of a shape, which gets random weights: see docs/cli.md.")
    Path model = Path.of("");

    @Mixin
    ShapeOptions shapes = new ShapeOptions();

    @Mixin
    ComputeOptions compute = new ComputeOptions();

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of the tokens, and of random weights (${DEFAULT-VALUE}).")
    long seed;

    ModelFolder folder(Console console) throws IOException {
        ModelFolder folder = shapes.folder(model.toString(), seed, console);
        if (!Files.exists(folder.path())) {
            throw new IllegalArgumentException("--model " + model
                    + ": is no folder, no GGUF file, and none of the shapes " + ShapeOptions.names());
        }
        return folder;
    }

    /** Refuses numbers below their least, all at once. */
    static final class Least {
        private final List<String> problems = new ArrayList<>();

        Least check(String option, int value, int least) {
            if (value < least) {
                problems.add(option + " must be at least " + least + "; got " + value);
            }
            return this;
        }

        void throwIfAny() {
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("\n  ", problems));
            }
        }
    }
}
