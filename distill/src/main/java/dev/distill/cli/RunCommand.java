package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.pipeline.HarvestStage;
import dev.distill.pipeline.JudgeStage;
import dev.distill.pipeline.LazyOps;
import dev.distill.pipeline.Pipeline;
import dev.distill.pipeline.Pipeline.Outcome;
import dev.distill.pipeline.Pipeline.Stage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.Stop;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill run}: all stages of a recipe, or those from one to another. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "All stages of a recipe, one after the other.",
            "A stage whose inputs and settings have not changed is not run again."
        },
        footer = {"", "Example:", "  distill run recipe.yaml --to train --set train.steps=100"})
final class RunCommand implements Callable<Integer>, Checked {
    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Option(
            names = "--from",
            paramLabel = "STAGE",
            completionCandidates = StageWords.class,
            description = "First stage: harvest (the default), verify, curate, train, eval or export.")
    Stage first = Stage.HARVEST;

    @Option(
            names = "--to",
            paramLabel = "STAGE",
            completionCandidates = StageWords.class,
            description = "Last stage, export by default.")
    Stage last = Stage.EXPORT;

    @Override
    public void check(Problems problems) {
        if (first.compareTo(last) > 0) {
            problems.add("--from and --to must be in the order of the stages; " + word(first) + " comes after "
                    + word(last));
        }
    }

    @Override
    public Integer call() throws Exception {
        return run(options, first, last, consoleOptions.console());
    }

    /** Reads the recipe and runs its stages from {@code first} to {@code last}. Returns the exit code. */
    static int run(RecipeOptions options, Stage first, Stage last, Console console) throws Exception {
        return run(options, console, first != last, (pipeline, ops) -> pipeline.run(first, last, ops));
    }

    /** Work on a recipe's stages. */
    interface Work {
        Outcome run(Pipeline pipeline, Supplier<Ops> ops) throws IOException;
    }

    /** @param several whether each stage's figures stand under its name */
    static int run(RecipeOptions options, Console console, boolean several, Work work) throws Exception {
        Recipe recipe = options.read();
        if (options.printResolved) {
            console.print(recipe.resolved().yaml());
            console.result(values(recipe));
            return ExitCode.DONE;
        }
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (LazyOps ops = new LazyOps();
                    RunProgress progress = new RunProgress(console)) {
                Outcome outcome = work.run(new Pipeline(recipe, options.folder(recipe), progress, stop), ops);
                progress.close();
                var json = OutcomeJson.of(outcome, several);
                console.print(Figures.text(OutcomeJson.figures(json)));
                console.result(json);
                outcome.harvest().flatMap(HarvestStage::shortfall).ifPresent(console::warn);
                outcome.judgement().flatMap(JudgeStage.Result::shortfall).ifPresent(console::warn);
                return OutcomeJson.exitCode(outcome);
            }
        });
    }

    /** Every value by its key. */
    static ObjectNode values(Recipe recipe) {
        ObjectNode values = new ObjectMapper().createObjectNode();
        recipe.resolved().values().forEach(values::put);
        return values;
    }

    /** What a shell offers for a stage. */
    private static final class StageWords implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Stage.values()).map(RunCommand::word).iterator();
        }
    }

    private static String word(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }
}
