package dev.distill.cli;

import dev.distill.pipeline.Pipeline;
import dev.distill.pipeline.Pipeline.Stage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill curate}. */
@Command(
        name = "curate",
        mixinStandardHelpOptions = true,
        description = "Keeps the traces that a student may learn from, and says why of each that goes.",
        footer = {"", "Example:", "  distill curate recipe.yaml --explain"})
final class CurateCommand implements Callable<Integer> {
    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Option(
            names = "--explain",
            description = "Shows what each check drops alone, what in its turn, and what no other would drop.")
    boolean explain;

    @Override
    public Integer call() throws Exception {
        Console console = consoleOptions.console();
        if (!explain || options.printResolved) {
            return RunCommand.run(options, Stage.CURATE, Stage.CURATE, console);
        }
        return RunCommand.run(options, console, false, (pipeline, _) -> {
            Pipeline.Outcome outcome = pipeline.explainCuration();
            outcome.curation().map(CurationJson::table).ifPresent(console::print);
            return outcome;
        });
    }
}
