package dev.distill.cli;

import dev.distill.pipeline.Stop;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The model that a command works with. */
final class ModelOption {
    private static final String NAME = "--model";

    @Option(
            names = {"-m", NAME},
            required = true,
            paramLabel = "MODEL",
            description =
                    "A Hugging Face model folder (config.json, safetensors, tokenizer.json), a .gguf file, or a hub"
                            + " id such as Qwen/Qwen2.5-0.5B, fetched into the hub's cache.")
    String given = "";

    /** Finds it, and fetches it first where it must be. @throws IllegalArgumentException if it is no model that can answer */
    ModelArgument find(Console console, Stop stop) throws IOException {
        return find(given, console, stop);
    }

    /** @param given in the place of {@code --model}: a folder that was made for its name */
    static ModelArgument find(String given, Console console, Stop stop) throws IOException {
        ModelArgument found = ModelArgument.find(NAME, given, console, stop);
        Path path = found.path();
        if (Files.exists(path.resolve("trainer.json"))) {
            throw new IllegalArgumentException(NAME + " " + given + ": a checkpoint is for going on with training; give"
                    + " the folder that the run exported");
        }
        if (!Files.isDirectory(path) && !StoredWeights.isGguf(path)) {
            throw new IllegalArgumentException(NAME + " " + given + ": is no folder and no .gguf file");
        }
        return found;
    }
}
