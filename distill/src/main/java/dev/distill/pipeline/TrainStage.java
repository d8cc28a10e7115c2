package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.PackedBatches;
import dev.distill.train.SampleMaker;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import dev.distill.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepted traces to a trained student. The outcome lies in {@code model/}, a Hugging Face folder in F32, or for a LoRA in
 * {@code adapter/}, as PEFT writes it; {@link TrainedStudent} knows where.
 */
public final class TrainStage {
    private static final String TOKENIZER = "tokenizer";

    /** How often a run measures and saves, and what it does when a step goes wrong: a run that has begun may change its mind on these. */
    private static final Set<String> NOT_DECISIVE = Set.of(
            "train.validate-every",
            "train.checkpoint-every",
            "train.keep-checkpoints",
            "train.on-bad-step",
            "train.spike-factor");

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
        Manifest plan = RunFolder.plan("train", recipe.resolved().of("seed", "student", "train"), inputs)
                .withSettings(Map.of("objective", objective.name()));
        if (RunFolder.done(folder, plan).isPresent()) {
            return TrainResult.read(folder);
        }
        RunFolder.begin(folder, plan, NOT_DECISIVE);
        List<Trace> traces = read(curated);
        Path language = base != null ? base : ScratchTokenizer.make(recipe, traces, folder.resolve(TOKENIZER));
        try (Language words = Language.open(language)) {
            TrainPreflight preflight = new TrainPreflight(words, config(base, words), objective, recipe.train());
            List<TrainPreflight.Fit> fits = preflight.samples(traces);
            Split split = split(fits);
            TrainResult result = base == null
                    ? fromRandom(split, words, folder, listener, stop)
                    : fromBase(base, split, folder, listener, stop);
            plan.withCounts(counts(split, traces.size() - fits.size()))
                    .finish("", TrainedStudent.of(recipe, folder).files(folder))
                    .write(folder);
            return result;
        }
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

    /** Samples to train on, and samples held back, never two of one prompt on both sides. */
    private record Split(List<Sample> training, List<Sample> validation) {
        PackedBatches batches(Recipe recipe) {
            TrainPart train = recipe.train();
            return PackedBatches.of(training, train.batchSamples(), train.rowTokens(), train.overLong(), recipe.seed());
        }
    }

    private TrainResult fromRandom(
            Split split, Language words, Path folder, TrainListener listener, BooleanSupplier stop) throws IOException {
        StudentPart.Shape shape = recipe.student().orElseThrow().shape().orElseThrow();
        ModelConfig config = shape.config(words.tokenizer());
        try (Ops training = ops(config, folder);
                ModelWeights weights = ModelWeights.random(config, shape.initDeviation(), recipe.seed());
                Decoder model = new Decoder(training, weights)) {
            TrainResult result = train(model, split, folder, listener, stop);
            TrainedStudent.writeModel(folder, weights, words.model());
            return result;
        }
    }

    private TrainResult fromBase(Path base, Split split, Path folder, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        Optional<LoraConfig> lora = recipe.train().loraConfig(recipe.seed());
        ModelWeights.Use use = lora.isPresent() ? ModelWeights.Use.FROZEN : ModelWeights.Use.TRAINED;
        try (StoredWeights stored = StoredWeights.open(base);
                Ops training = ops(stored.config(), folder);
                ModelWeights weights = ModelWeights.load(stored.config(), stored, training, use)) {
            if (lora.isEmpty()) {
                try (Decoder model = new Decoder(training, weights)) {
                    TrainResult result = train(model, split, folder, listener, stop);
                    TrainedStudent.writeModel(folder, weights, base);
                    return result;
                }
            }
            try (Lora adapter = Lora.create(lora.get(), stored.config());
                    Decoder model = new Decoder(training, weights, adapter, Decoder.Memory.KEEP)) {
                TrainResult result = train(model, split, folder, listener, stop);
                TrainedStudent.writeAdapter(folder, adapter, base);
                return result;
            }
        }
    }

    private Ops ops(ModelConfig model, Path folder) throws IOException {
        return TrainCompute.settle(recipe.train().compute(), model, folder).ops();
    }

    private TrainResult train(Decoder model, Split split, Path folder, TrainListener listener, BooleanSupplier stop)
            throws IOException {
        PackedBatches batches = split.batches(recipe);
        return new Trainer(
                        model,
                        recipe.train().settings(batches.stepsOfAnEpoch()),
                        batches,
                        PackedBatches.rows(
                                split.validation,
                                recipe.train().rowTokens(),
                                recipe.train().overLong()))
                .run(folder, listener, stop);
    }

    private Split split(List<TrainPreflight.Fit> fits) {
        List<Sample> training = new ArrayList<>();
        List<Sample> validation = new ArrayList<>();
        Set<String> heldBack = HeldBack.prompts(
                fits.stream().map(fit -> fit.trace().promptId()).toList(),
                recipe.train().validation(),
                recipe.seed());
        for (TrainPreflight.Fit fit : fits) {
            (heldBack.contains(fit.trace().promptId()) ? validation : training).add(fit.sample());
        }
        return new Split(training, validation);
    }

    private Map<String, Long> counts(Split split, int unfit) {
        PackedBatches batches = split.batches(recipe);
        boolean cut = recipe.train().overLong() == Packing.OverLong.SPLIT;
        return Map.of(
                "samples", (long) split.training.size(),
                "validation_samples", (long) split.validation.size(),
                "unfit_dropped", (long) unfit,
                "over_long_dropped", cut ? 0L : batches.overLong(),
                "over_long_split", cut ? (long) batches.overLong() : 0,
                "sequences", (long) batches.pieces());
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

    private static List<Trace> read(Path curated) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(curated)) {
            reader.forEachRemaining(traces::add);
        }
        if (traces.isEmpty()) {
            throw new RecipeException("train", List.of(curated + ": curation kept no trace; see its report.json"));
        }
        return traces;
    }
}
