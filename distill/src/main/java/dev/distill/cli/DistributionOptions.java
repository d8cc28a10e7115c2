package dev.distill.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code score} writes a teacher's distributions for a student. */
final class DistributionOptions {
    @Option(
            names = "--distributions",
            paramLabel = "DIR",
            description =
                    "In place of --output: the likeliest tokens at each trained token of the traces in --input (a folder"
                            + " of shards), as train.distill.distributions takes them. A folder that a killed run left is gone"
                            + " on with.")
    @Nullable
    Path folder;

    @Option(
            names = "--student",
            paramLabel = "MODEL",
            description = "With --distributions: whose tokenizer and chat template make samples of the traces.")
    @Nullable
    String student;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "With --distributions: at which probabilities are taken (${DEFAULT-VALUE}).")
    double temperature;

    void check(Problems problems, Path input, boolean hasOutput, int topK) {
        if (folder == null) {
            if (!hasOutput) {
                problems.add("Missing required option: '--output=FILE' (or --distributions=DIR)");
            }
            if (student != null) {
                problems.add("--student " + student + ": is for --distributions; give that too");
            }
            return;
        }
        if (hasOutput) {
            problems.add("--output and --distributions: give one of the two");
        }
        if (student == null) {
            problems.add("--distributions " + folder + ": needs the student whose samples they are; give --student");
        }
        if (topK < 1 || topK > 1024) {
            problems.add("--top-k must be from 1 to 1024 with --distributions; got " + topK);
        }
        if (!(temperature >= 0.01 && temperature <= 100)) {
            problems.add("--temperature must be from 0.01 to 100; got " + temperature);
        }
        if (!input.toString().isEmpty() && !Files.isDirectory(input)) {
            problems.add("--input " + input + ": must be a folder of traces with --distributions");
        }
    }
}
