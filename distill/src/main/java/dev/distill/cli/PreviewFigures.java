package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.pipeline.HarvestPreview;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.Stop;
import dev.distill.teacher.harvest.Outlook;
import java.io.IOException;

/** What would be asked and what it may cost, for those who ask with {@code --dry-run}. */
final class PreviewFigures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PreviewFigures() {}

    /** Finds it out, without asking anybody. */
    interface Look {
        HarvestPreview at(Recipe recipe, RunProgress progress, Stop stop) throws IOException;
    }

    /**
     * Tells it. Returns the exit code.
     *
     * @param unknown what is told of the expected cost where nothing has been bought to go by
     */
    static int show(RecipeOptions options, Console console, String unknown, Look look) throws Exception {
        Recipe recipe = options.read();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (RunProgress progress = new RunProgress(console)) {
                HarvestPreview preview = look.at(recipe, progress, stop);
                progress.close();
                ObjectNode json = json(preview);
                for (var request : json.path("requests")) {
                    console.print("POST " + preview.url() + "\n" + request.toPrettyString() + "\n");
                }
                console.print(estimate(preview, unknown));
                console.result(json);
                return ExitCode.DONE;
            }
        });
    }

    /** For a person: how much there is to do, and what it costs. */
    private static String estimate(HarvestPreview preview, String unknown) {
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
                        .orElse(unknown));
        preview.budget()
                .ifPresent(budget -> text.append("\nbudget: ")
                        .append(budget.legible())
                        .append(
                                outlook.cost().plus(outlook.atMost()).amount().compareTo(budget.amount()) > 0
                                        ? ", less than all may cost: the harvest stops there"
                                        : ""));
        return text.toString();
    }

    private static ObjectNode json(HarvestPreview preview) throws IOException {
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
