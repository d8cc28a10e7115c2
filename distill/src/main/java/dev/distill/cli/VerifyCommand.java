package dev.distill.cli;

import dev.distill.pipeline.JudgeStage;
import dev.distill.pipeline.Pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill verify}: traces to verdicts that the rules cannot give, or a look at what a judge would be asked. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the programs in answers against the tests of their problems, in a sandbox.",
            "Asks a judge model about other answers, where the recipe names one."
        },
        footer = {"", "Example:", "  distill verify recipe.yaml --dry-run"})
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Option(
            names = "--dry-run",
            description = "Shows the first three requests to the judge and what all may cost, and does nothing.")
    boolean dryRun;

    @Override
    public Integer call() throws Exception {
        Console console = consoleOptions.console();
        return options.printResolved || !dryRun
                ? RunCommand.run(options, Stage.VERIFY, Stage.VERIFY, console)
                : PreviewFigures.show(
                        options,
                        console,
                        "not known before the first reply",
                        (recipe, _, stop) -> JudgeStage.preview(recipe, options.folder(recipe), stop));
    }
}
