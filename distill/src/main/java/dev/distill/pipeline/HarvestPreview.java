package dev.distill.pipeline;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.hub.HubListener;
import dev.distill.teacher.harvest.HarvestConfig;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.Outlook;
import dev.distill.teacher.harvest.Spending;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a harvest would send and cost. Nothing is asked and nothing written, but for data sets of the hub, which are fetched.
 *
 * @param url that requests go to
 * @param bodies of the first requests, in JSON; with {@code teacher.dialect: auto} as an earlier run has found out, or as the
 *     address lets guess them
 * @param outlook of all
 * @param budget where spending will stop; empty for none
 */
public record HarvestPreview(URI url, List<String> bodies, Outlook outlook, Optional<Money> budget) {
    public HarvestPreview {
        bodies = List.copyOf(bodies);
    }

    /** @param stop breaks off a fetch */
    public static HarvestPreview of(Recipe recipe, RunFolder run, HubListener fetching, Stop stop) throws IOException {
        Whom whom = Whom.teacher(recipe);
        PromptsPart prompts = Recipe.required(recipe.prompts(), "prompts", "harvest");
        return of(
                whom,
                run.harvest(),
                PromptIntake.read(prompts, PromptIntake.fetch(prompts, run, fetching, stop))
                        .prompts());
    }

    /** Of a harvest in this folder that asks these prompts. */
    static HarvestPreview of(Whom whom, Path folder, List<Prompt> prompts) throws IOException {
        Spending spending = whom.spending();
        Endpoint endpoint = whom.teacher().endpointKeptIn(folder, spending);
        HarvestOutput output = new HarvestOutput(
                folder, Manifest.begin("harvest", ""), new DatasetCard(whom.section(), "other", ""), ShardSize.DEFAULT);
        HarvestConfig config = whom.inItsWords(() -> new HarvestConfig(
                endpoint,
                whom.teacher().sampling(),
                whom.harvest().asking(),
                whom.harvest().limits(),
                spending,
                output));
        Outlook outlook = Outlook.of(config, prompts);
        List<String> bodies = outlook.first().stream()
                .map(request -> new String(endpoint.dialect().body(endpoint.model(), request), StandardCharsets.UTF_8))
                .toList();
        return new HarvestPreview(
                endpoint.completions(), bodies, outlook, whom.harvest().budget());
    }
}
