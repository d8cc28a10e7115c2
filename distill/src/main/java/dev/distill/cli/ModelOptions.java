package dev.distill.cli;

import dev.distill.pipeline.Stop;
import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command works with. */
final class ModelOptions {
    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = "A Hugging Face model folder (config.json, safetensors, tokenizer.json), or a hub id such as"
                    + " Qwen/Qwen2.5-0.5B, fetched into the hub's cache.")
    String model = "";

    @Option(
            names = {"-a", "--adapter"},
            paramLabel = "DIR",
            description = "A PEFT LoRA folder to apply, unmerged.")
    @Nullable
    Path adapter;

    /** Opens the model for inference, fetched first where it must be. The caller closes it, then {@code ops}. */
    Student open(Ops ops, Console console, Stop stop) throws IOException {
        if (adapter != null && !Files.exists(adapter.resolve("adapter_config.json"))) {
            throw new IllegalArgumentException(
                    "--adapter " + adapter + ": no adapter_config.json in it; give a PEFT LoRA folder");
        }
        ModelArgument found = ModelArgument.find("--model", model, console, stop);
        Path path = found.path();
        if (path.toString().endsWith(".gguf") && Files.isRegularFile(path)) {
            throw new IllegalArgumentException("--model " + model + ": the tokenizer of a GGUF file cannot be used yet;"
                    + " give the Hugging Face folder that it was made from");
        }
        if (Files.exists(path.resolve("trainer.json"))) {
            throw new IllegalArgumentException("--model " + model + ": a checkpoint is for going on with training; give"
                    + " the folder that the run exported");
        }
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException("--model " + model + ": is no folder");
        }
        String name = adapter == null ? found.name() : found.name() + " + " + ModelArgument.lastName(adapter);
        return Student.open(name, path, adapter, ops);
    }
}
