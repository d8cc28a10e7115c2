package dev.distill.cli;

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
            description = "A Hugging Face model folder: config.json, safetensors, tokenizer.json.")
    Path model = Path.of("");

    @Option(
            names = {"-a", "--adapter"},
            paramLabel = "DIR",
            description = "A PEFT LoRA folder to apply, unmerged.")
    @Nullable
    Path adapter;

    /** Opens the model for inference. The caller closes it, then {@code ops}. */
    Student open(Ops ops) throws IOException {
        return open(model, ops);
    }

    /**
     * Opens it where it lies.
     *
     * @param folder the model's, or one that was made for its name
     */
    Student open(Path folder, Ops ops) throws IOException {
        if (model.toString().endsWith(".gguf") && Files.isRegularFile(model)) {
            throw new IllegalArgumentException("--model " + model + ": the tokenizer of a GGUF file cannot be used yet;"
                    + " give the Hugging Face folder that it was made from");
        }
        if (Files.exists(model.resolve("trainer.json"))) {
            throw new IllegalArgumentException("--model " + model + ": a checkpoint is for going on with training; give"
                    + " the folder that the run exported");
        }
        if (!Files.isDirectory(folder)) {
            String cure = model.toString().matches("[\\w.-]+/[\\w.-]+")
                    ? "; if it is a hub id: models are not fetched yet, download it and give the folder"
                    : "";
            throw new IllegalArgumentException("--model " + model + ": is no folder" + cure);
        }
        if (adapter != null && !Files.exists(adapter.resolve("adapter_config.json"))) {
            throw new IllegalArgumentException(
                    "--adapter " + adapter + ": no adapter_config.json in it; give a PEFT LoRA folder");
        }
        return Student.open(folder, adapter, ops);
    }
}
