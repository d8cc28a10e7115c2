package dev.distill.pipeline;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Harvester;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prompts to traces: asks the teacher and keeps every reply. The harvest itself knows what it has already bought. */
public final class HarvestStage {
    private static final Logger LOG = LoggerFactory.getLogger(HarvestStage.class);

    private HarvestStage() {}

    /** @param stop registers what is to be called when the user interrupts */
    public static HarvestResult run(
            Recipe recipe, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop) throws IOException {
        return run(recipe, run, false, ops, listener, stop);
    }

    /** Asks for the units alone that were given up, for good or not. */
    static HarvestResult retryFailed(
            Recipe recipe, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop) throws IOException {
        return run(recipe, run, true, ops, listener, stop);
    }

    private static HarvestResult run(
            Recipe recipe, RunFolder run, boolean failedOnes, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop)
            throws IOException {
        TeacherPart teacher = Recipe.required(recipe.teacher(), "teacher", "harvest");
        PromptsPart prompts = Recipe.required(recipe.prompts(), "prompts", "harvest");
        Files.createDirectories(run.harvest());
        List<PromptIntake.Input> files = PromptIntake.fetch(prompts, run, listener.fetching(), stop);
        PromptIntake.Asked asked = PromptIntake.read(prompts, files);
        List<FileEntry> inputs = new ArrayList<>();
        for (PromptIntake.Input file : files) {
            inputs.add(FileEntry.of(file.path().toString(), file.path()));
        }
        Manifest plan = RunFolder.plan("harvest", recipe.resolved().of("teacher", "prompts", "harvest"), inputs)
                .withCounts(asked.counts());
        DatasetCard card = new DatasetCard(
                recipe.name() + ": traces",
                "other",
                what(teacher.endpoint()) + teacher.endpoint().model() + ", as they came, not curated.");
        HarvestOutput output = new HarvestOutput(run.harvest(), plan, card, ShardSize.DEFAULT);
        try (Asker asker = Asker.of(Whom.teacher(recipe), run, run.harvest(), ops, listener, stop);
                HarvestProgressFile told = new HarvestProgressFile(run.harvest(), listener.harvest())) {
            Harvester harvester = asker.harvester(recipe.harvest().asking(), output);
            warn(asker.endpoint());
            stop.onStop(harvester::stop);
            return failedOnes ? harvester.retryFailed(asked.prompts(), told) : harvester.run(asked.prompts(), told);
        }
    }

    private static String what(Endpoint endpoint) {
        return switch (endpoint.dialect().reasoning()) {
            case WHOLE -> "Reasoning traces of ";
            case SUMMARY -> "Answers and summaries of the reasoning of ";
            case NONE -> "Answers, without reasoning, of ";
        };
    }

    /** What a provider keeps to itself cannot be learnt. */
    private static void warn(Endpoint endpoint) {
        String who =
                endpoint.model() + ", asked in dialect " + endpoint.dialect().name() + ", ";
        switch (endpoint.dialect().reasoning()) {
            case WHOLE -> {}
            case SUMMARY ->
                LOG.warn(
                        "harvest: {}tells a summary of its reasoning and not the reasoning itself: no chain of thought to train on. Each trace says so (verdict whole-reasoning)",
                        who);
            case NONE -> LOG.warn("harvest: {}does not tell its reasoning: traces will have answers alone", who);
        }
    }

    /** A stage that builds on the harvest needs all of it; what there is stays where it is. */
    public static void requireDone(HarvestResult harvest) {
        Optional<String> shortfall = shortfall(harvest);
        if (shortfall.isPresent()) {
            throw new UnfinishedException(shortfall.get(), harvest.ending());
        }
    }

    /** The same for one that an evaluation waits for, told in the words of its section. */
    static void requireDone(HarvestResult harvest, Whom whom) {
        Optional<String> shortfall = shortfall(harvest);
        if (shortfall.isPresent()) {
            String told = whom.inItsWords(shortfall.get()).replaceFirst("^harvest:", "eval: " + whom.section() + ":");
            throw new UnfinishedException(told.replace(" traces", " answers"), harvest.ending());
        }
    }

    /** For a person: what is missing of a harvest and how to go on; empty where it came to its end with some traces. */
    public static Optional<String> shortfall(HarvestResult harvest) {
        return switch (harvest.ending()) {
            case Ending.Done done ->
                harvest.completed() > 0
                        ? Optional.empty()
                        : Optional.of("harvest: none of " + harvest.units() + " requests was answered; given up: "
                                + harvest.failed()
                                + ". Look at teacher.url, teacher.model and the server's own settings"
                                + " (its context length, for bad_request); the same command then asks again, except for"
                                + " what was refused or too large");
            case Ending.Interrupted stopped ->
                Optional.of("harvest: stopped after " + harvest.completed() + " of " + harvest.units()
                        + " traces, which are saved; the same command goes on from there"
                        + (harvest.counts().getOrDefault("open_batches", 0L) > 0
                                ? ", and collects the batches that are on their way: "
                                        + harvest.counts().get("open_batches")
                                : ""));
            case Ending.BudgetReached reached ->
                Optional.of("harvest: the next request might cost more than is left of " + reached.cap() + "; spent "
                        + reached.spent() + unanswered(harvest) + ", " + harvest.completed() + " of " + harvest.units()
                        + " traces are saved. Raise harvest.budget and give the same command again");
            case Ending.Stopped stopped -> Optional.of("harvest: " + stopped.message());
        };
    }

    private static String unanswered(HarvestResult harvest) {
        return harvest.unanswered().requests() == 0 ? "" : ", of which " + harvest.unanswered();
    }

    /** A harvest that later stages cannot build on. */
    public static final class UnfinishedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Ending ending;

        UnfinishedException(String message, Ending ending) {
            super(message);
            this.ending = ending;
        }

        public Ending ending() {
            return ending;
        }
    }
}
