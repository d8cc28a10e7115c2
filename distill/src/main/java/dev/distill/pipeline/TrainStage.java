package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.EmbeddingNoise;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.BatchSource;
import dev.distill.train.Computing;
import dev.distill.train.Exam;
import dev.distill.train.PackedBatches;
import dev.distill.train.RowTeacher;
import dev.distill.train.SampleMaker;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import dev.distill.train.Trainer;
import dev.distill.train.Validation;
import dev.distill.train.teach.TaughtSamples;
import dev.distill.train.watch.SamplePrompts;
import dev.distill.train.watch.Watchers;
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
            "train.distill.url",
            "train.distill.key-env",
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
        try (Language words = Language.open(language);
                TrainPreflight.Fit fit = new TrainPreflight(words, config(base, words), objective, recipe.train())
                        .samples(traces, folder.resolveSibling(folder.getFileName() + SAMPLES), stop)) {
            SampleSplit split = SampleSplit.of(fit.samples(), traces, recipe.train(), recipe.seed());
            Course course = new Course(split, words, folder, listener, stop);
            TrainResult result = base == null ? fromRandom(course) : fromBase(base, course);
            plan.withCounts(counts(split, fit.unfit()))
                    .finish("", TrainedStudent.of(recipe, folder).files(folder))
                    .write(folder);
            return result;
        }
    }

    /** What was recorded of the settings; keys that were added later are not among them where they change nothing, so that a run goes on. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(recipe.resolved().of("seed", "student", "train"));
        if (recipe.train().batchTokens() == 0) {
            settings.remove("train.batch-tokens");
        }
        if (recipe.train().neftune() == 0) {
            settings.remove("train.neftune-alpha");
        }
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

    private PackedBatches batches(SampleSplit split, RowTeacher teacher) {
        return new PackedBatches(split.training(), recipe.train().packing(recipe.seed()), teacher);
    }

    /** One training: on what, in which folder, and who hears of it. */
    private record Course(
            SampleSplit split, Language words, Path folder, TrainListener listener, BooleanSupplier stop) {}

    private TrainResult fromRandom(Course course) throws IOException {
        StudentPart.Shape shape = recipe.student().orElseThrow().shape().orElseThrow();
        ModelConfig config = shape.config(course.words.tokenizer());
        Computing computing = computing(config, course);
        try (Ops training = computing.ops();
                ModelWeights weights = ModelWeights.random(config, shape.initDeviation(), recipe.seed());
                Decoder model = decoder(training, weights, ProjectionWrapper.NONE)) {
            TrainResult result = train(model, computing, course);
            TrainedStudent.writeModel(course.folder, weights, course.words.model());
            return result;
        }
    }

    private TrainResult fromBase(Path base, Course course) throws IOException {
        Optional<LoraConfig> lora = recipe.train().loraConfig(recipe.seed());
        try (StoredWeights stored = StoredWeights.open(base)) {
            Computing computing = computing(stored.config(), course);
            try (Ops training = computing.ops();
                    ModelWeights weights = weights(stored, training)) {
                if (lora.isEmpty()) {
                    try (Decoder model = decoder(training, weights, ProjectionWrapper.NONE)) {
                        TrainResult result = train(model, computing, course);
                        TrainedStudent.writeModel(course.folder, weights, base);
                        return result;
                    }
                }
                try (Lora adapter = Lora.create(lora.get(), weights, training);
                        Decoder model = decoder(training, weights, adapter)) {
                    TrainResult result = train(model, computing, course);
                    TrainedStudent.writeAdapter(course.folder, adapter, base);
                    return result;
                }
            }
        }
    }

    private Decoder decoder(Ops training, ModelWeights weights, ProjectionWrapper wrapper) {
        return new Decoder(training, weights, wrapper, recipe.train().activations());
    }

    private ModelWeights weights(StoredWeights stored, Ops training) throws IOException {
        ModelConfig config = stored.config();
        return switch (recipe.train().mode()) {
            case FULL -> TrainRoom.trained(recipe, stored, training);
            case LORA -> ModelWeights.load(config, stored, training, ModelWeights.Use.FROZEN);
            case QLORA -> ModelWeights.load(config, stored, training, ModelWeights.Use.FOUR_BITS);
        };
    }

    private Computing computing(ModelConfig model, Course course) throws IOException {
        Computing settled = TrainCompute.settle(recipe.train().compute(), model, course.folder);
        TrainRoom.ofThisMachine(recipe).require(model, settled, course.split.training());
        return settled;
    }

    private TrainResult train(Decoder model, Computing computing, Course course) throws IOException {
        Student learning = new Student(recipe.name(), () -> "in training", model, course.words);
        Optional<DistillPart> distill = recipe.train().distill();
        if (distill.isEmpty()) {
            PackedBatches batches = batches(course.split, RowTeacher.NONE);
            return train(learning, computing, course, batches, batches.stepsOfAnEpoch());
        }
        TeacherReading.Pupil pupil =
                new TeacherReading.Pupil(course.words, model.config().vocabulary(), objective);
        TaughtSamples taught = course.split.taught(recipe.train());
        TeacherReading reading = new TeacherReading(
                pupil,
                taught,
                course.folder,
                course.stop,
                done -> course.listener.teacherReads(
                        (int) done, taught.samples().size()));
        try (LogitTeacher teacher = reading.by(distill.get(), ops)) {
            PackedBatches traces = batches(course.split, teacher.stored());
            BatchSource batches =
                    teacher.batches(traces, recipe.train(), learning, course.split.withTraces(), recipe.seed());
            return train(learning, computing, course, batches, traces.stepsOfAnEpoch());
        }
    }

    private TrainResult train(
            Student learning, Computing computing, Course course, BatchSource batches, int stepsOfAnEpoch)
            throws IOException {
        TrainPart part = recipe.train();
        Decoder model = learning.model();
        SamplePrompts asked = new SamplePrompts(
                course.split.asked(part.samplePrompts()),
                objective == SampleMaker.Objective.REASONING,
                part.sampleTokens());
        String template = recipe.eval().map(EvalPart::template).orElse("{question}");
        Exam exam = TaskExam.of(part.score(), template, learning, asked.reasoning());
        try (Watchers watchers = new Watchers(course.folder, learning, asked, course.listener)) {
            return new Trainer(
                            model,
                            part.settings(stepsOfAnEpoch).with(new EmbeddingNoise(part.neftune(), recipe.seed())),
                            batches,
                            Validation.of(course.split.validation(), part.rowTokens(), part.overLong()),
                            TrainCompute.meter(computing, model.config(), part.mode()))
                    .with(exam)
                    .run(course.folder, watchers.listener(), course.stop);
        }
    }

    private Map<String, Long> counts(SampleSplit split, int unfit) {
        PackedBatches batches = batches(split, RowTeacher.NONE);
        boolean cut = recipe.train().overLong() == Packing.OverLong.SPLIT;
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
