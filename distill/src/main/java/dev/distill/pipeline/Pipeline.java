package dev.distill.pipeline;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.journal.OwnerLock;
import dev.distill.eval.report.TaskScore;
import dev.distill.hub.HubListener;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.train.SampleMaker;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The stages of a recipe, one after the other, in the folder of one run. */
public final class Pipeline {
    /** The stages, in their order. */
    public enum Stage {
        HARVEST,
        /** Programs are run and a judge is asked; left out where the recipe has neither. */
        VERIFY,
        CURATE,
        TRAIN,
        EVAL,
        EXPORT
    }

    /** Hears how far a run is: whoever shows progress to a person. One stage at a time. */
    public interface Listener {
        /** A stage begins. */
        void stage(Stage stage);

        HarvestListener harvest();

        LongConsumer verification();

        /** The replies of a judge. */
        HarvestListener judging();

        LongConsumer curation();

        TrainListener training();

        EvalStage.Progress evaluation();

        /** The answers of an API under evaluation. */
        HarvestListener answering();

        /** The base model, where it comes from the hub. */
        HubListener fetching();
    }

    /** What the stages that ran came to. */
    public record Outcome(
            Optional<HarvestResult> harvest,
            Optional<VerifyStage.Report> verification,
            Optional<JudgeStage.Result> judgement,
            Optional<CurationReport> curation,
            Optional<TrainResult> training,
            Optional<EvalStage.Evaluated> evaluation,
            Optional<ExportStage.Exported> export) {
        /** Of a harvest alone. */
        static Outcome of(HarvestResult harvest) {
            return new Outcome(
                    Optional.of(harvest),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private final Recipe given;
    private final RunFolder run;
    private final Listener listener;
    private final Stop stop;

    public Pipeline(Recipe given, RunFolder run, Listener listener, Stop stop) {
        this.given = given;
        this.run = run;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * Runs the stages from {@code from} to {@code to}. Scores and export are left out where the recipe has no such section
     * and the stage was not asked for by name.
     */
    public Outcome run(Stage from, Stage to, Supplier<Ops> ops) throws IOException {
        Preflight.check(given, from, to);
        if (wants(Stage.EVAL, from, to)) {
            EvalPreflight.checkRival(given, run);
        }
        try (OwnerLock _ = run.take()) {
            return runAlone(from, to, ops);
        }
    }

    /** Harvests once more what was given up, and nothing else. */
    public Outcome retryFailed(Supplier<Ops> ops) throws IOException {
        Preflight.check(given, Stage.HARVEST, Stage.HARVEST);
        if (!Files.exists(run.harvest().resolve("ledger.journal"))) {
            throw new IllegalArgumentException("--retry-failed: nothing was harvested in " + run.harvest()
                    + " yet, so nothing has failed; leave the option out, or name the run's folder with --dir");
        }
        try (OwnerLock _ = run.take()) {
            writeResolved();
            listener.stage(Stage.HARVEST);
            return Outcome.of(HarvestStage.retryFailed(given, run, ops, listener, stop));
        }
    }

    /**
     * Curates alone.
     *
     * @param explain whether to find out what each check alone would drop
     */
    public Outcome curate(boolean explain, CurationPlace place) throws IOException {
        Preflight.check(given, Stage.CURATE, Stage.CURATE);
        try (OwnerLock _ = run.take()) {
            writeResolved();
            listener.stage(Stage.CURATE);
            CurationReport report = CurateStage.run(given, run, explain, place, listener.curation(), stop);
            return new Outcome(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(report),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    private void writeResolved() throws IOException {
        Files.writeString(run.root().resolve("resolved.yaml"), given.resolved().yaml());
    }

    private Outcome runAlone(Stage from, Stage to, Supplier<Ops> ops) throws IOException {
        writeResolved();
        Recipe recipe =
                to.compareTo(Stage.TRAIN) < 0 ? given : BaseModel.prepare(given, run, listener.fetching(), stop);
        Optional<HarvestResult> harvest = Optional.empty();
        Verified verified = new Verified(Optional.empty(), Optional.empty());
        Optional<CurationReport> curation = Optional.empty();
        Optional<TrainResult> training = Optional.empty();
        Optional<EvalStage.Evaluated> evaluation = Optional.empty();
        Optional<ExportStage.Exported> export = Optional.empty();
        if (!Harvested.isGiven(recipe) && wanted(Stage.HARVEST, from, to)) {
            harvest = Optional.of(HarvestStage.run(recipe, run, ops, listener, stop));
            if (to != Stage.HARVEST) {
                HarvestStage.requireDone(harvest.get());
            }
        }
        if (recipe.verify().isOn() && wanted(Stage.VERIFY, from, to)) {
            verified = verify(recipe, to, ops);
        }
        if (wanted(Stage.CURATE, from, to)) {
            curation = Optional.of(CurateStage.run(recipe, run, listener.curation(), stop));
        }
        if (wanted(Stage.TRAIN, from, to)) {
            training = Optional.of(new TrainStage(recipe, ops.get(), SampleMaker.Objective.REASONING)
                    .run(run.curate(), run.train(), listener.training(), stop));
        }
        if (wanted(Stage.EVAL, from, to) && (recipe.eval().isPresent() || from == Stage.EVAL)) {
            evaluation = Optional.of(EvalStage.run(recipe, run, ops, listener, stop));
        }
        if (wanted(Stage.EXPORT, from, to)) {
            export = Optional.of(ExportStage.run(recipe, run, ops.get(), facts(EvalStage.standing(recipe, run))));
        }
        return new Outcome(harvest, verified.programs(), verified.judgement(), curation, training, evaluation, export);
    }

    /** What the stage of verification found. */
    private record Verified(Optional<VerifyStage.Report> programs, Optional<JudgeStage.Result> judgement) {}

    private Verified verify(Recipe recipe, Stage to, Supplier<Ops> ops) throws IOException {
        Optional<VerifyStage.Report> programs = recipe.verify().runsPrograms()
                ? Optional.of(VerifyStage.run(recipe, run, listener.verification(), stop))
                : Optional.empty();
        Optional<JudgeStage.Result> judgement = recipe.verify().judge().isPresent()
                ? Optional.of(JudgeStage.run(recipe, run, ops, listener, stop))
                : Optional.empty();
        if (to != Stage.VERIFY && judgement.isPresent()) {
            JudgeStage.requireDone(judgement.get().harvest());
        }
        return new Verified(programs, judgement);
    }

    private static boolean wants(Stage stage, Stage from, Stage to) {
        return stage.compareTo(from) >= 0 && stage.compareTo(to) <= 0;
    }

    private boolean wanted(Stage stage, Stage from, Stage to) {
        boolean wanted = wants(stage, from, to);
        if (wanted) {
            listener.stage(stage);
        }
        return wanted;
    }

    private static SequencedMap<String, String> facts(List<TaskScore> scores) {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        scores.forEach(score -> facts.put(
                "Score on " + score.task(),
                score.questions() == 0
                        ? "none: the infrastructure failed for every answer"
                        : "%.1f %% of %d questions"
                                .formatted(100 * score.passAt1().value(), score.questions())));
        return facts;
    }
}
