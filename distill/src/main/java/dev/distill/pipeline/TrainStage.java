package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.PackedBatches;
import dev.distill.train.RowTeacher;
import dev.distill.train.SampleMaker;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Accepted traces to a trained student. The outcome lies in {@code model/}, a Hugging Face folder in F32, or for a LoRA in
 * {@code adapter/}, as PEFT writes it; {@link TrainedStudent} knows where.
 */
public final class TrainStage {
    private static final String TOKENIZER = "tokenizer";

    /** Behind the folder's name: the tokenised traces, which stay where the folder is moved aside. */
    static final String SAMPLES = ".samples";

    /**
     * How often a run measures, saves and shows samples, what it keeps in memory, and what it does when a step goes wrong: a run that has begun may
     * change its mind on these.
     */
    private static final Set<String> NOT_DECISIVE = Set.of(
            "train.validate-every",
            "train.checkpoint-every",
            "train.keep-checkpoints",
            "train.on-bad-step",
            "train.spike-factor",
            "train.sample-prompts",
            "train.sample-tokens",
            "train.activations",
            "train.select",
            "train.score-every",
            "train.score-tasks",
            "train.score-limit",
            "train.score-tokens",
            "train.take",
            "train.distill.url",
            "train.distill.key-env",
            "train.distill.allow-http",
            "train.distill.in-flight");

    private final Recipe recipe;
    private final Ops ops;
    private final SampleMaker.Objective objective;

    public TrainStage(Recipe recipe, Ops ops, SampleMaker.Objective objective) {
        this.recipe = recipe;
        this.ops = ops;
        this.objective = objective;
    }

    /**
     * Trains, or goes on, or does nothing if it is done.
     *
     * @param curated folder of the traces
     * @param folder gets tokenizer, checkpoints, metrics and the outcome
     */
    public TrainResult run(Path curated, Path folder, TrainListener listener, BooleanSupplier stop) throws IOException {
        StudentPart student = Recipe.required(recipe.student(), "student", "train");
        List<FileEntry> inputs = new ArrayList<>(List.of(RunFolder.asInput(curated)));
        Path base = student.folder();
        if (base != null) {
            inputs.addAll(RunFolder.model(base));
        }
        Optional<DistillPart> distill = recipe.train().distill();
        if (distill.isPresent()) {
            inputs.addAll(distill.get().origin().inputs());
        }
        Manifest plan = RunFolder.plan("train", settings(), inputs).withSettings(Map.of("objective", objective.name()));
        if (RunFolder.done(folder, plan).isPresent()) {
            return TrainResult.read(folder);
        }
        RunFolder.begin(folder, plan, NOT_DECISIVE);
        CuratedTraces traces = new CuratedTraces(curated);
        traces.requireSome();
        Path language = base != null ? base : scratch(traces, folder.resolve(TOKENIZER));
        try (Language words = Language.open(language)) {
            ModelConfig config = config(base, words);
            TrainPart train = recipe.train().within(config.maxPositions());
            try (TrainPreflight.Fit fit = new TrainPreflight(words, config, objective, train)
                    .samples(traces, folder.resolveSibling(folder.getFileName() + SAMPLES), stop)) {
                SampleSplit split = SampleSplit.of(fit.samples(), traces, train, recipe.seed());
                StudentTraining training = new StudentTraining(
                        recipe, train, objective, new StudentTraining.Course(split, words, folder, listener, stop));
                TrainResult result = base == null ? training.fromRandom() : training.fromBase(base);
                plan.withCounts(counts(training, fit.unfit()))
                        .finish("", TrainedStudent.of(recipe, folder).files(folder))
                        .write(folder);
                return result;
            }
        }
    }

    /** What was recorded of the settings; keys that were added later are not among them where they change nothing, so that a run goes on. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(recipe.resolved().of("seed", "student", "train"));
        TrainPart train = recipe.train();
        Map<String, Boolean> neutral = Map.of(
                "train.batch-tokens",
                train.batches().batchTokens() == 0,
                "train.neftune-alpha",
                train.batches().neftune() == 0,
                "train.allow",
                train.batches().allow().isEmpty(),
                "train.take",
                true);
        neutral.forEach((key, changesNothing) -> {
            if (changesNothing) {
                settings.remove(key);
            }
        });
        return settings;
    }

    /**
     * The student of random weights as it was before its first step, with the tokenizer of a run that has begun.
     *
     * @param folder the run's
     */
    public Student untrained(Path folder) throws IOException {
        Language words = Language.open(folder.resolve(TOKENIZER));
        StudentPart.Shape shape = recipe.student().orElseThrow().shape().orElseThrow();
        ModelWeights weights =
                ModelWeights.random(shape.config(words.tokenizer()), shape.initDeviation(), recipe.seed());
        String fingerprint = Hash.of(List.of(
                recipe.resolved().of("seed", "student").toString(),
                FileEntry.sha256(folder.resolve(TOKENIZER).resolve("tokenizer.json"))));
        return Student.owning("untrained", fingerprint, new Decoder(ops, weights), words, weights);
    }

    /** The student that was trained in this folder. */
    public Student trained(Path folder) throws IOException {
        return TrainedStudent.of(recipe, folder).open(recipe.name(), ops);
    }

    private Map<String, Long> counts(StudentTraining training, int unfit) {
        PackedBatches batches = training.batches(RowTeacher.NONE);
        SampleSplit split = training.split();
        boolean cut = recipe.train().batches().overLong() == Packing.OverLong.SPLIT;
        return Map.of(
                "packing_density_per_mille",
                Math.round(1000 * batches.density()),
                "samples",
                (long) split.training().size(),
                "validation_samples",
                (long) split.validationSamples(),
                "unfit_dropped",
                (long) unfit,
                "over_long_dropped",
                cut ? 0L : batches.overLong(),
                "over_long_split",
                cut ? (long) batches.overLong() : 0,
                "sequences",
                (long) batches.pieces());
    }

    /** What the student will be, before its weights are there. */
    private ModelConfig config(@Nullable Path base, Language words) throws IOException {
        if (base == null) {
            return recipe.student().orElseThrow().shape().orElseThrow().config(words.tokenizer());
        }
        try (StoredWeights stored = StoredWeights.open(base)) {
            return stored.config();
        }
    }

    private Path scratch(CuratedTraces traces, Path folder) throws IOException {
        try (Stream<Trace> all = traces.all()) {
            return ScratchTokenizer.make(recipe, all, folder);
        }
    }
}
