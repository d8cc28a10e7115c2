package dev.distill.cli;

import dev.distill.pipeline.Pipeline;
import dev.distill.pipeline.Pipeline.Outcome;
import dev.distill.pipeline.Pipeline.Stage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.Stop;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands that run stages of a recipe: all of them, or one. */
abstract class StageCommand implements Callable<Integer> {
    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    abstract Stage from();

    abstract Stage to();

    @Override
    public final Integer call() throws Exception {
        Console console = consoleOptions.console();
        Recipe recipe = options.read();
        if (options.printResolved) {
            console.print(recipe.resolved().yaml());
            return ExitCode.DONE;
        }
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> run(recipe, console, stop));
    }

    private int run(Recipe recipe, Console console, Stop stop) throws Exception {
        try (Ops ops = new CpuOps();
                RunProgress progress = new RunProgress(console)) {
            Outcome outcome = new Pipeline(recipe, options.folder(recipe), progress, stop).run(from(), to(), ops);
            progress.close();
            var json = OutcomeJson.of(outcome, from() != to());
            console.print(Figures.text(json));
            console.result(json);
            return OutcomeJson.exitCode(outcome);
        }
    }

    /** All stages. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description =
                    "All stages of a recipe; a stage whose inputs and settings have not changed is not run again.",
            footer = {"", "Example:", "  distill run recipe.yaml --to train --set train.steps=100"})
    static final class Run extends StageCommand {
        @Option(names = "--from", paramLabel = "STAGE", description = "First stage (default: ${DEFAULT-VALUE}).")
        Stage first = Stage.HARVEST;

        @Option(names = "--to", paramLabel = "STAGE", description = "Last stage (default: ${DEFAULT-VALUE}).")
        Stage last = Stage.EXPORT;

        @Override
        Stage from() {
            return first;
        }

        @Override
        Stage to() {
            return last;
        }
    }

    /** One stage alone. */
    @Command(
            name = "harvest",
            mixinStandardHelpOptions = true,
            description = "Asks the teacher for every sample of every prompt, and keeps each reply before it counts.",
            footer = {"", "Example:", "  distill harvest recipe.yaml"})
    static final class Harvest extends StageCommand {
        @Override
        Stage from() {
            return Stage.HARVEST;
        }

        @Override
        Stage to() {
            return Stage.HARVEST;
        }
    }

    /** One stage alone. */
    @Command(
            name = "curate",
            mixinStandardHelpOptions = true,
            description = "Keeps the traces that a student may learn from, and says why of each that goes.",
            footer = {"", "Example:", "  distill curate recipe.yaml"})
    static final class Curate extends StageCommand {
        @Override
        Stage from() {
            return Stage.CURATE;
        }

        @Override
        Stage to() {
            return Stage.CURATE;
        }
    }

    /** One stage alone. */
    @Command(
            name = "train",
            mixinStandardHelpOptions = true,
            description = "Fine-tunes the student on the curated traces.",
            footer = {"", "Example:", "  distill train recipe.yaml"})
    static final class Train extends StageCommand {
        @Override
        Stage from() {
            return Stage.TRAIN;
        }

        @Override
        Stage to() {
            return Stage.TRAIN;
        }
    }

    /** One stage alone. */
    @Command(
            name = "eval",
            mixinStandardHelpOptions = true,
            description = "Scores the trained student on the tasks of the recipe.",
            footer = {"", "Example:", "  distill eval recipe.yaml"})
    static final class Eval extends StageCommand {
        @Override
        Stage from() {
            return Stage.EVAL;
        }

        @Override
        Stage to() {
            return Stage.EVAL;
        }
    }

    /** One stage alone. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Writes the trained student as a Hugging Face folder, and compares it with the one in memory.",
            footer = {"", "Example:", "  distill export recipe.yaml"})
    static final class Export extends StageCommand {
        @Override
        Stage from() {
            return Stage.EXPORT;
        }

        @Override
        Stage to() {
            return Stage.EXPORT;
        }
    }
}
