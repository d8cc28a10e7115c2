package dev.distill.pipeline;

import dev.distill.data.curate.Correctness;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.RowWriter;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Harvester;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Traces to the verdicts of a judge model. What is asked is harvested as any reply, in the run's folder {@code judge} with a ledger of its own, so
 * that each judgement is bought once whatever happens in between; the verdicts follow from what is there, and the curation takes them where its
 * policy says so.
 */
public final class JudgeStage {
    /** The keys that decide what the verdicts are. */
    private static final Pattern DECISIVE = Pattern.compile(
            "verify\\.judge\\.(?:traces|votes|model|dialect|temperature|top-p|max-tokens|thinking|effort"
                    + "|seed|extra\\..*)");

    private JudgeStage() {}

    /**
     * What came of it.
     *
     * @param harvest of the replies; empty where nothing was to be asked, or all had been done before
     */
    public record Result(JudgeReport report, Optional<HarvestResult> harvest) {
        /** For a person: what is missing and how to go on; empty where nothing is. */
        public Optional<String> shortfall() {
            return harvest.flatMap(JudgeStage::shortfall);
        }
    }

    /** @param stop registers what is to be called when the user interrupts */
    static Result run(Recipe recipe, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop)
            throws IOException {
        JudgePart judge = judge(recipe);
        Manifest plan = plan(recipe, run);
        Optional<Manifest> done = RunFolder.done(run.judged(), plan);
        if (done.isPresent() && JudgeReport.unanswered(done.get()) == 0) {
            return new Result(JudgeReport.of(done.get(), spent(run)), Optional.empty());
        }
        Docket docket = docket(recipe, run, judge, stop);
        Optional<HarvestResult> harvest = docket.questions().isEmpty()
                ? Optional.empty()
                : Optional.of(ask(recipe, run, docket, ops, listener, stop));
        if (harvest.isPresent() && harvest.get().shards().isEmpty()) {
            requireDone(harvest);
        }
        Map<String, Judgement> judgements = harvest.isPresent() ? judgements(run.judge(), judge) : Map.of();
        Money spent = harvest.map(HarvestResult::spent).orElseGet(() -> Money.zero("USD"));
        boolean whole = shortfall(harvest).isEmpty();
        JudgeReport report = JudgeReport.of(docket, judgements, judge.votes(), whole, spent);
        if (whole) {
            write(run, plan.withCounts(report.counts()), docket, judgements, judge.votes());
        }
        return new Result(report, harvest);
    }

    private static JudgePart judge(Recipe recipe) {
        return Recipe.required(recipe.verify().judge(), JudgePart.SECTION, "verify");
    }

    /** What curation will find without a judge is not asked about, unless that is wanted. */
    private static Docket docket(Recipe recipe, RunFolder run, JudgePart judge, Stop stop) throws IOException {
        Correctness rules = recipe.curate().correctness(Set.of(), Correctness.Undecided.KEEP);
        return Docket.of(Harvested.of(recipe, run), rules, judge.which(), stop);
    }

    private static Manifest plan(Recipe recipe, RunFolder run) throws IOException {
        Map<String, String> settings = new TreeMap<>(recipe.resolved().of(JudgePart.SECTION));
        settings.keySet().removeIf(key -> !DECISIVE.matcher(key).matches());
        settings.put("verify.judge.prompt-hash", JudgePrompt.hash());
        if (!recipe.curate().verdicts().isEmpty()) { // what is asked depends on it
            settings.putAll(recipe.resolved().of("curate.verdicts"));
        }
        return RunFolder.plan("judge", settings, Harvested.of(recipe, run).asInputs());
    }

    /** What the questions would cost; nothing is asked. */
    public static HarvestPreview preview(Recipe recipe, RunFolder run, Stop stop) throws IOException {
        JudgePart judge = judge(recipe);
        Docket docket = docket(recipe, run, judge, stop);
        return HarvestPreview.of(Whom.judge(recipe, judge), run.judge(), docket.questions());
    }

    private static HarvestResult ask(
            Recipe recipe, RunFolder run, Docket docket, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop)
            throws IOException {
        JudgePart judge = judge(recipe);
        Files.createDirectories(run.judge());
        Manifest stage = RunFolder.plan(
                "judge",
                recipe.resolved().of(JudgePart.SECTION),
                Harvested.of(recipe, run).asInputs());
        DatasetCard card = new DatasetCard(
                recipe.name() + ": judgements",
                "other",
                "What " + judge.teacher().endpoint().model() + " replied when it was asked whether answers are right.");
        HarvestOutput output = new HarvestOutput(run.judge(), stage, card, ShardSize.DEFAULT);
        Whom whom = Whom.judge(recipe, judge);
        try (Asker asker = Asker.of(whom, run, run.judge(), ops, listener, stop);
                HarvestProgressFile told = new HarvestProgressFile(run.judge(), listener.judging())) {
            Harvester harvester = asker.harvester(judge.harvest().asking(), output);
            stop.onStop(harvester::stop);
            return harvester.run(docket.questions(), told);
        }
    }

    /** By question, from the replies as they were kept. */
    static Map<String, Judgement> judgements(Path folder, JudgePart judge) throws IOException {
        Map<String, List<JudgeReply>> replies = new HashMap<>();
        try (TraceReader traces = TraceReader.open(folder)) {
            while (traces.hasNext()) {
                Trace reply = traces.next();
                replies.computeIfAbsent(reply.promptId(), _ -> new ArrayList<>())
                        .add(JudgeReply.read(reply));
            }
        }
        Map<String, Judgement> judgements = new HashMap<>();
        replies.forEach((question, all) -> judgements.put(question, Judgement.of(all, judge.votes())));
        return judgements;
    }

    private static void write(RunFolder run, Manifest plan, Docket docket, Map<String, Judgement> judgements, int votes)
            throws IOException {
        VerdictFolder folder = VerdictFolder.of(run.judged());
        Files.deleteIfExists(run.judged().resolve(Manifest.FILE_NAME));
        try (RowWriter<TraceVerdict> rows = folder.replace()) {
            for (Docket.Case each : docket.cases()) {
                Judgement judgement = judgements.getOrDefault(each.question(), Judgement.NONE);
                rows.write(new TraceVerdict(each.trace(), each.about(), judgement.verdict(votes)));
            }
            rows.finish();
        }
        plan.finish(VerdictFolder.SCHEMA, folder.entries()).write(run.judged());
    }

    private static Money spent(RunFolder run) throws IOException {
        var ledger = run.judge().resolve("ledger.journal");
        return Files.exists(ledger)
                ? LedgerAccount.read(ledger).spent().values().stream()
                        .reduce(Money::plus)
                        .orElseGet(() -> Money.zero("USD"))
                : Money.zero("USD");
    }

    /**
     * A stage that builds on the verdicts needs all of them.
     *
     * @throws HarvestStage.UnfinishedException if the budget or something else has ended it before
     */
    static void requireDone(Optional<HarvestResult> harvest) {
        requireDone(harvest, "verify");
    }

    /** The same, told as this stage's. */
    static void requireDone(Optional<HarvestResult> harvest, String stage) {
        Optional<String> shortfall = shortfall(harvest);
        if (shortfall.isPresent()) {
            throw new HarvestStage.UnfinishedException(
                    shortfall.get().replaceFirst("^verify:", stage + ":"),
                    harvest.orElseThrow().ending());
        }
    }

    private static Optional<String> shortfall(Optional<HarvestResult> harvest) {
        return harvest.flatMap(JudgeStage::shortfall);
    }

    private static Optional<String> shortfall(HarvestResult harvest) {
        String have = harvest.completed() + " replies of the judge are saved";
        return switch (harvest.ending()) {
            case Ending.Done done ->
                harvest.completed() > 0
                        ? Optional.empty()
                        : Optional.of(
                                "verify: the judge answered none of " + harvest.units()
                                        + " requests; given up: " + harvest.failed()
                                        + ". Look at verify.judge.url and verify.judge.model; the same command then asks again");
            case Ending.Interrupted stopped ->
                Optional.of("verify: stopped; " + have + ", and the same command goes on from there");
            case Ending.BudgetReached reached ->
                Optional.of("verify: the judge's next reply might cost more than is left of " + reached.cap()
                        + "; spent " + reached.spent() + ", " + have
                        + ". Raise verify.judge.budget and give the same command again");
            case Ending.Stopped stopped -> Optional.of("verify: the judge: " + stopped.message());
        };
    }

    /**
     * The verdicts as an input of the curation.
     *
     * @throws IllegalArgumentException if there are none of this harvest
     */
    static FileEntry asInput(Harvested harvested, RunFolder run) throws IOException {
        List<String> read = harvested.asInputs().stream().map(FileEntry::sha256).toList();
        boolean there = Manifest.isIn(run.judged())
                && Manifest.read(run.judged()).inputs().stream()
                        .map(FileEntry::sha256)
                        .toList()
                        .containsAll(read);
        if (!there) {
            throw new IllegalArgumentException(
                    "curate: the recipe has verify.judge, so its verdicts on this harvest must" + " be in "
                            + run.judged() + "; there are none: run verify first, or set curate.judge to ignore");
        }
        return RunFolder.asInput(run.judged());
    }
}
