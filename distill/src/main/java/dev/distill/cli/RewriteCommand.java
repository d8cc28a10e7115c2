package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.pipeline.HarvestStage;
import dev.distill.pipeline.LazyOps;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.RewriteStage;
import dev.distill.pipeline.Stop;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code distill rewrite}: prompts to more prompts. */
@Command(
        name = "rewrite",
        mixinStandardHelpOptions = true,
        description = {
            "Has the teacher write the recipe's prompts anew: the same in other words, others of their kind, or harder ones.",
            "The new prompts are a file for prompts.files."
        },
        footer = {"", "Example:", "  distill rewrite recipe.yaml --set rewrite.how=harder"})
final class RewriteCommand implements Callable<Integer> {
    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Override
    public Integer call() throws Exception {
        Recipe recipe = options.read();
        Console console = consoleOptions.console();
        if (options.printResolved) {
            console.print(recipe.resolved().yaml());
            console.result(RunCommand.values(recipe));
            return ExitCode.DONE;
        }
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (LazyOps ops = new LazyOps();
                    RunProgress progress = new RunProgress(console)) {
                RewriteStage.Result result = RewriteStage.run(recipe, options.folder(recipe), ops, progress, stop);
                progress.close();
                ObjectNode json = json(result);
                console.print(Figures.text(json));
                console.result(json);
                HarvestStage.shortfall(result.harvest()).ifPresent(console::warn);
                return OutcomeJson.exitCode(result.harvest());
            }
        });
    }

    private static ObjectNode json(RewriteStage.Result result) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        OutcomeJson.harvest(json, result.harvest());
        json.put("questions", result.questions())
                .put("with_reference", result.withReference())
                .put("file", result.file().toString());
        ObjectNode dropped = json.putObject("dropped");
        result.dropped().forEach(dropped::put);
        return json;
    }
}
