package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.pipeline.HarvestPreview;
import dev.distill.pipeline.Pipeline;
import dev.distill.pipeline.Pipeline.Stage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.Stop;
import dev.distill.teacher.harvest.Ending;
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
final class HarvestCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

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
                console.print(estimate(preview));
                console.result(json);
                return ExitCode.DONE;
            }
        });
    }

    /** For a person: how much there is to do, and what it costs. */
    private static String estimate(HarvestPreview preview) {
        Outlook outlook = preview.outlook();
        long open = outlook.units() - outlook.completed();
        if (open == 0) {
            return "units: " + outlook.units() + ", all of which have their reply; nothing is left to ask for";
        }
        StringBuilder text = new StringBuilder("units: ")
                .append(outlook.units())
                .append(outlook.completed() == 0 ? "" : ", of which " + outlook.completed() + " have their reply");
        text.append("\nat most: ")
                .append(outlook.atMost().legible())
                .append(" for ")
                .append(open)
                .append(", each as long as it may be, at the dearest hour");
        text.append("\nexpected: ")
                .append(outlook.expected()
                        .map(money -> money.legible() + ", if they are like those that are there")
                        .orElse("not known before the first reply; distill plan estimates it"));
        preview.budget()
                .ifPresent(budget -> text.append("\nbudget: ")
                        .append(budget.legible())
                        .append(
                                outlook.cost().plus(outlook.atMost()).amount().compareTo(budget.amount()) > 0
                                        ? ", less than all may cost: the harvest stops there"
                                        : ""));
        return text.toString();
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
        preview.budget().ifPresent(budget -> money(json, "budget", budget));
        return json;
    }

    private static void money(ObjectNode json, String name, Money money) {
        json.putObject(name).put("amount", money.amount().toPlainString()).put("currency", money.currency());
    }
}
