package dev.distill.cli;

import dev.distill.pipeline.Pipeline.Stage;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code distill train}, {@code eval} and {@code export}: one stage of a recipe each. */
@Command(mixinStandardHelpOptions = true)
final class StageCommand implements Callable<Integer> {
    private final Stage stage;

    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    private StageCommand(Stage stage) {
        this.stage = stage;
    }

    /** The command that is called after the stage. */
    static CommandLine of(Stage stage) {
        String name = stage.name().toLowerCase(Locale.ROOT);
        CommandLine command = new CommandLine(new StageCommand(stage));
        command.getCommandSpec().name(name);
        command.getCommandSpec()
                .usageMessage()
                .description(description(stage))
                .footer("", "Example:", "  distill " + name + " recipe.yaml");
        return command;
    }

    private static String description(Stage stage) {
        return switch (stage) {
            case HARVEST, VERIFY, CURATE -> throw new IllegalArgumentException(stage + " has a command of its own");
            case TRAIN -> "Fine-tunes the student on the curated traces.";
            case EVAL -> "Scores the trained student on the tasks of the recipe.";
            case EXPORT ->
                "Writes the trained student as a Hugging Face folder, and compares it with the one in memory.";
        };
    }

    @Override
    public Integer call() throws Exception {
        return RunCommand.run(options, stage, stage, consoleOptions.console());
    }
}
