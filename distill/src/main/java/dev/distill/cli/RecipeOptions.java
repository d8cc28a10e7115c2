package dev.distill.cli;

import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which recipe, with which values replaced, in which folder. */
final class RecipeOptions {
    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE",
            description = "YAML file of the experiment; without one, give every value with --set.")
    @Nullable
    Path recipe;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replaces a value of the recipe, for example train.steps=100.")
    Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--dir", paramLabel = "D", description = "Folder of the run (default: runs/NAME).")
    @Nullable
    Path dir;

    @Option(names = "--print-resolved", description = "Print every value with its origin, and do nothing else.")
    boolean printResolved;

    Recipe read() throws IOException {
        if (recipe == null && values.isEmpty() && !printResolved) {
            throw new IllegalArgumentException(
                    "no recipe is given: name its YAML file (docs/recipes has one to begin with),"
                            + " or give every value with --set");
        }
        return Recipe.read(recipe, values);
    }

    RunFolder folder(Recipe read) {
        return new RunFolder(dir == null ? Path.of("runs", read.name()) : dir);
    }
}
