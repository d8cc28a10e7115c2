package dev.distill.cli;

import dev.distill.pipeline.Stop;
import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model a command works with, and how it is changed. */
final class ModelOptions {
    @Mixin
    ModelOption model = new ModelOption();

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

    void check(Problems problems) {
        if (adapter != null) {
            checkAdapter(adapter, problems);
        }
    }

    /** Opens the model for inference, fetched first where it must be. The caller closes it, then {@code ops}. */
    Student open(Ops ops, Console console, Stop stop) throws IOException {
        return open(model.given, ops, console, stop);
    }

    /** What is wrong with an adapter's folder, if something is. */
    static void checkAdapter(Path adapter, Problems problems) {
        if (!Files.exists(adapter.resolve("adapter_config.json"))) {
            problems.add("--adapter " + adapter + ": no adapter_config.json in it; give a PEFT LoRA folder");
        }
    }

    /** @param given in the place of {@code --model}: a folder that was made for its name */
    Student open(String given, Ops ops, Console console, Stop stop) throws IOException {
        ModelArgument found = ModelOption.find(given, console, stop);
        String name = adapter == null ? found.name() : found.name() + " + " + ModelArgument.lastName(adapter);
        OptionalDouble theta = ropeTheta == null ? OptionalDouble.empty() : OptionalDouble.of(ropeTheta);
        return Student.open(name, new Student.Source(found.path(), adapter, theta), ops);
    }
}
