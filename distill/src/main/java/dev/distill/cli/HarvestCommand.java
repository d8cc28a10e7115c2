package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.pipeline.HarvestPreview;
import dev.distill.pipeline.Pipeline.Stage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.Stop;
import dev.distill.teacher.harvest.Outlook;
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
final class HarvestCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Option(
            names = "--dry-run",
            description = "Shows the first three requests and what all may cost, and asks nothing.")
    boolean dryRun;

    @Override
    public Integer call() throws Exception {
        Console console = consoleOptions.console();
        return dryRun && !options.printResolved
                ? preview(console)
                : RunCommand.run(options, Stage.HARVEST, Stage.HARVEST, console);
    }

    private int preview(Console console) throws Exception {
        Recipe recipe = options.read();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (RunProgress progress = new RunProgress(console)) {
                HarvestPreview preview = HarvestPreview.of(recipe, options.folder(recipe), progress.fetching(), stop);
                progress.close();
                ObjectNode json = json(preview);
                for (var request : json.path("requests")) {
                    console.print("POST " + preview.url() + "\n" + request.toPrettyString() + "\n");
                }
                console.print(Figures.text(json.deepCopy().without("requests")));
                console.result(json);
                return ExitCode.DONE;
            }
        });
    }

    private static ObjectNode json(HarvestPreview preview) throws Exception {
        Outlook outlook = preview.outlook();
        ObjectNode json = JSON.createObjectNode();
        json.put("url", preview.url().toString());
        ArrayNode requests = json.putArray("requests");
        for (String body : preview.bodies()) {
            requests.add(JSON.readTree(body));
        }
        json.put("units", outlook.units()).put("completed", outlook.completed());
        money(json, "at_most", outlook.atMost());
        outlook.expected().ifPresent(expected -> money(json, "expected", expected));
        return json;
    }

    private static void money(ObjectNode json, String name, Money money) {
        json.putObject(name).put("amount", money.amount().toPlainString()).put("currency", money.currency());
    }
}
