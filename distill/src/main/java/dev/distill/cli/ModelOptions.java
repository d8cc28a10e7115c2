package dev.distill.cli;

import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command works with. */
final class ModelOptions {
    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = "A Hugging Face model folder (config.json, safetensors, tokenizer.json), or a .gguf file.")
    Path model = Path.of("");

    @Option(
            names = {"-a", "--adapter"},
            paramLabel = "DIR",
            description = "A PEFT LoRA folder to apply, unmerged.")
    @Nullable
    Path adapter;

    @Option(
            names = "--rope-theta",
            paramLabel = "T",
            description = "Base of the rotary frequencies, in place of the one that the model states.")
    @Nullable
    Double ropeTheta;

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
        if (Files.exists(model.resolve("trainer.json"))) {
            throw new IllegalArgumentException("--model " + model + ": a checkpoint is for going on with training; give"
                    + " the folder that the run exported");
        }
        if (!Files.isDirectory(folder) && !StoredWeights.isGguf(folder)) {
            String cure = model.toString().matches("[\\w.-]+/[\\w.-]+")
                    ? "; if it is a hub id: models are not fetched yet, download it and give the folder"
                    : "";
            throw new IllegalArgumentException("--model " + model + ": is no folder and no .gguf file" + cure);
        }
        if (adapter != null && !Files.exists(adapter.resolve("adapter_config.json"))) {
            throw new IllegalArgumentException(
                    "--adapter " + adapter + ": no adapter_config.json in it; give a PEFT LoRA folder");
        }
        OptionalDouble theta = ropeTheta == null ? OptionalDouble.empty() : OptionalDouble.of(ropeTheta);
        return Student.open(new Student.Source(folder, adapter, theta), ops);
    }
}
