package dev.distill.pipeline;

import dev.distill.data.trace.Money;
import dev.distill.export.WeightType;
import dev.distill.plan.Accelerator;
import dev.distill.plan.Disk;
import dev.distill.plan.Plan;
import dev.distill.plan.Plan.Course;
import dev.distill.plan.Plan.Room;
import dev.distill.plan.Speed;
import dev.distill.plan.TrainingJob;
import dev.distill.plan.TrainingMemory;
import dev.distill.plan.Workload;
import dev.distill.plan.Workload.Load;
import dev.distill.student.ops.Compute;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import dev.distill.train.TrainSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a recipe will take, before any of it is run: its values become a {@link TrainingJob} and a {@link Workload}, and those a {@link Plan}.
 * Nothing is fetched, bought or written.
 */
public final class Planning {
    /**
     * Bytes of a sample on Java's heap: places, lengths and numbers in {@code SampleStore}, {@code SampleSplit}, {@code Pieces} and a teacher's index,
     * and arrays that have grown (docs/log.md, "samples that are not held in memory").
     */
    private static final int INDEX_BYTES = 64;

    /** Bytes of a token in a sample store, and of what stands beside the tokens of a sample. */
    private static final int TOKEN_BYTES = Integer.BYTES;

    private static final int RECORD_BYTES = 120;

    private final Recipe recipe;
    private final RunFolder run;
    private final Room room;
    private final Stopwatch stopwatch;
    private final List<String> notes = new ArrayList<>();

    /** Says how fast a training's steps would be here. */
    @FunctionalInterface
    public interface Stopwatch {
        Speed measure(TrainingJob job, Load load) throws IOException;
    }

    /** @param stopwatch asked where the room is no card's */
    public Planning(Recipe recipe, RunFolder run, Room room, Stopwatch stopwatch) {
        this.recipe = recipe;
        this.run = run;
        this.room = room;
        this.stopwatch = stopwatch;
    }

    /** Makes the plan. */
    public Plan plan() throws IOException {
        StudentPart student = Recipe.required(recipe.student(), "student", "plan");
        PlannedModel model = PlannedModel.of(student);
        PlannedTraces traces = PlannedTraces.of(recipe, run, model);
        Workload workload = traces.workload();
        TrainPart train = recipe.train().within(positions(student, model));
        long heldBack = HeldBack.atMost(train.measuring().heldBack(), workload.samples());
        TrainingJob job = model.job(recipe, computing(model));
        Load load = load(workload, train);
        int row = load.fullest(train.batches().rowTokens());
        Optional<PlannedTeacher> teacher = PlannedTeacher.of(recipe, notes);
        TrainingMemory.Account account = (other, tokens) -> PlannedTeacher.beside(
                TrainingMemory.of(other, tokens, INDEX_BYTES * workload.samples(), room.memory()), teacher);
        Optional<Accelerator> card = room.card();
        Speed speed = card.isPresent() ? card.get().speed(job) : stopwatch.measure(job, load);
        Course course = course(workload, heldBack, train);
        Optional<Money> money = traces.bought() ? Optional.empty() : money(traces, workload);
        notes.addAll(traces.notes());
        overLong(load, train);
        train.measuring().score().seldom(train.settings(1).saving().every()).ifPresent(notes::add);
        Plan plan = new Plan(
                model.name(),
                job,
                workload,
                load,
                course,
                account.of(job, row),
                room,
                speed,
                disk(job, model, traces, targets(workload, heldBack, load), teacher),
                money,
                notes);
        return plan.judged(row, account);
    }

    /** Tokens that a teacher is asked of: all that are trained in an epoch. */
    private long targets(Workload workload, long heldBack, Load load) {
        long training = workload.training(heldBack);
        return Math.round(load.targets()
                * workload.stepsOfAnEpoch(recipe.train().batches().packing(recipe.seed()), training));
    }

    private Disk disk(
            TrainingJob job, PlannedModel model, PlannedTraces traces, long targets, Optional<PlannedTeacher> teacher) {
        Workload workload = traces.workload();
        Disk.Texts texts = new Disk.Texts(
                traces.bought() ? 0 : workload.textBytes() * traces.units() / workload.samples(), workload.textBytes());
        int exportBytes = recipe.export().type() == WeightType.F32 ? Float.BYTES : Short.BYTES;
        Disk disk = Disk.of(job, recipe.train().settings(1).saving(), model.toFetch(), texts, exportBytes)
                .with("samples", TOKEN_BYTES * workload.tokens() + RECORD_BYTES * workload.samples());
        return teacher.isPresent() ? disk.with("teacher", teacher.get().bytes(targets)) : disk;
    }

    private Computing computing(PlannedModel model) {
        int threads = Runtime.getRuntime().availableProcessors();
        if (room.card().isPresent()) {
            return new Computing(Compute.BFLOAT16, DType.BFLOAT16, threads);
        }
        return TrainCompute.choose(recipe.train().compute(), model.config(), threads);
    }

    /** The positions that the model will have; no row is longer. */
    private static int positions(StudentPart student, PlannedModel model) {
        int raised = student.changes().maxPositions();
        return raised > 0 ? raised : model.config().maxPositions();
    }

    private Load load(Workload workload, TrainPart train) {
        try {
            return workload.load(train.batches().packing(recipe.seed()));
        } catch (IllegalArgumentException e) {
            throw new RecipeException(
                    recipe.name(), List.of(row(train) + ": " + e.getMessage() + " (" + workload.source() + ")"));
        }
    }

    /** What limits a row, in the recipe's words. */
    private String row(TrainPart train) {
        return train.batches().rowTokens() < recipe.train().batches().rowTokens()
                ? "student.max-positions (the model's max_position_embeddings)"
                : "train.row-tokens";
    }

    private Course course(Workload workload, long heldBack, TrainPart train) {
        TrainSettings settings = train.settings(
                workload.stepsOfAnEpoch(train.batches().packing(recipe.seed()), workload.training(heldBack)));
        int steps = settings.steps();
        int validations = 1 + Math.ceilDiv(steps, settings.validateEvery());
        return new Course(steps, heldBack == 0 ? 0 : validations, heldBack);
    }

    /** At the dearest hour, nothing from the provider's cache, every request once. */
    private Optional<Money> money(PlannedTraces traces, Workload workload) throws IOException {
        if (recipe.teacher().isEmpty()) {
            return Optional.empty();
        }
        try {
            Workload.Length length = workload.lengths().getFirst();
            long prompt = length.tokens() - length.trained();
            Money all = recipe.teacher()
                    .get()
                    .tariffNow()
                    .costAtMost(traces.units() * prompt, traces.units() * length.trained());
            if (recipe.verify().judge().isPresent()) {
                notes.add("money: what verify.judge costs is not in it; verify --dry-run tells, once there are traces");
            }
            recipe.harvest()
                    .budget()
                    .filter(budget -> budget.currency().equals(all.currency())
                            && budget.amount().compareTo(all.amount()) < 0)
                    .ifPresent(
                            budget -> notes.add("money: the harvest stops at harvest.budget, %s %s, before it has all"
                                    .formatted(budget.amount().toPlainString(), budget.currency())));
            return Optional.of(all);
        } catch (RecipeException unknown) {
            notes.addAll(unknown.problems());
            return Optional.empty();
        }
    }

    private void overLong(Load load, TrainPart train) {
        int most = train.batches().rowTokens();
        if (most < recipe.train().batches().rowTokens()) {
            notes.add(
                    "train.row-tokens: the model's config states %,d positions (max_position_embeddings); a sample that is longer is over-long (train.over-long)"
                            .formatted(most));
        }
        if (load.overLong() == 0) {
            return;
        }
        notes.add("train: %.1f %% of the samples are longer than a row of %,d tokens, %s; %s"
                .formatted(
                        100 * load.overLong(),
                        train.batches().rowTokens(),
                        row(train),
                        switch (train.batches().overLong()) {
                            case DROP -> "they are left out (train.over-long: drop)";
                            case SPLIT -> "they are split, which is counted (train.over-long: split)";
                            case RAISE ->
                                "such a training is refused (train.over-long: raise), and these figures are without them";
                        }));
    }
}
