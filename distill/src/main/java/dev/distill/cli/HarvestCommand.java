package dev.distill.cli;

import dev.distill.pipeline.HarvestPreview;
import dev.distill.pipeline.Pipeline;
import dev.distill.pipeline.Pipeline.Stage;
import dev.distill.teacher.harvest.Ending;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill harvest}: prompts to traces, or a look at what would be asked. */
@Command(
        name = "harvest",
        mixinStandardHelpOptions = true,
        description = "Asks the teacher for every sample of every prompt, and keeps each reply before it counts.",
        footer = {"", "Example:", "  distill harvest recipe.yaml --dry-run"})
final class HarvestCommand implements Callable<Integer>, Checked {
    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Option(
            names = "--dry-run",
            description = "Shows the first three requests and what all may cost, and asks nothing.")
    boolean dryRun;

    @Option(
            names = "--retry-failed",
            description =
                    "Asks again for the units that were given up, also those that were refused, and for no others;"
                            + " distill inspect lists them.")
    boolean retryFailed;

    @Override
    public void check(Problems problems) {
        if (dryRun && retryFailed) {
            problems.add("--dry-run and --retry-failed: give one of them");
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = consoleOptions.console();
        if (options.printResolved || !(dryRun || retryFailed)) {
            return RunCommand.run(options, Stage.HARVEST, Stage.HARVEST, console);
        }
        return dryRun ? preview(console) : retry(console);
    }

    private int retry(Console console) throws Exception {
        return RunCommand.run(options, console, false, (pipeline, ops) -> {
            Pipeline.Outcome outcome = pipeline.retryFailed(ops);
            outcome.harvest().ifPresent(harvest -> {
                int failed = harvest.failed().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
                int open = harvest.units() - harvest.completed() - failed;
                if (open > 0 && harvest.ending() instanceof Ending.Done) {
                    console.warn("harvest: " + open + " of " + harvest.units()
                            + " units have no reply yet and did not fail; without --retry-failed they are asked for");
                }
            });
            return outcome;
        });
    }

    private int preview(Console console) throws Exception {
        return PreviewFigures.show(
                options,
                console,
                "not known before the first reply; distill plan estimates it",
                (recipe, progress, stop) ->
                        HarvestPreview.of(recipe, options.folder(recipe), progress.fetching(), stop));
    }
}
