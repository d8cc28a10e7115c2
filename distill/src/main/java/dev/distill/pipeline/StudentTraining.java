package dev.distill.pipeline;

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
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One student in training: its weights, whoever teaches it, whoever watches, and the loop. */
final class StudentTraining {
    private final Recipe recipe;
    private final TrainPart train;
    private final SampleMaker.Objective objective;
    private final Course course;

    /** @param train the recipe's, as it is for this student */
    StudentTraining(Recipe recipe, TrainPart train, SampleMaker.Objective objective, Course course) {
        this.recipe = recipe;
        this.train = train;
        this.objective = objective;
        this.course = course;
    }

    /** One training: on what, in which folder, and who hears of it. */
    record Course(SampleSplit split, Language words, Path folder, TrainListener listener, BooleanSupplier stop) {}

    SampleSplit split() {
        return course.split;
    }

    /** The steps, with this teacher beside the text. */
    PackedBatches batches(RowTeacher teacher) {
        return new PackedBatches(course.split.training(), train.batches().packing(recipe.seed()), teacher);
    }

    /** Begins with random weights. */
    TrainResult fromRandom() throws IOException {
        StudentPart.Shape shape = recipe.student().orElseThrow().shape().orElseThrow();
        ModelConfig config = shape.config(course.words.tokenizer());
        Computing computing = computing(config);
        try (Ops training = computing.ops();
                ModelWeights weights = ModelWeights.random(config, shape.initDeviation(), recipe.seed());
                Decoder model = decoder(training, weights, ProjectionWrapper.NONE)) {
            TrainResult result = train(model, computing);
            TrainedStudent.writeModel(course.folder, weights, course.words.model());
            return result;
        }
    }

    /** Begins with the weights in this folder or file. */
    TrainResult fromBase(Path base) throws IOException {
        Optional<LoraConfig> lora = train.loraConfig(recipe.seed());
        try (StoredWeights stored = StoredWeights.open(base)) {
            Computing computing = computing(stored.config());
            try (Ops training = computing.ops();
                    ModelWeights weights = weights(stored, training)) {
                if (lora.isEmpty()) {
                    try (Decoder model = decoder(training, weights, ProjectionWrapper.NONE)) {
                        TrainResult result = train(model, computing);
                        TrainedStudent.writeModel(course.folder, weights, base);
                        return result;
                    }
                }
                try (Lora adapter = Lora.create(lora.get(), weights, training);
                        Decoder model = decoder(training, weights, adapter)) {
                    TrainResult result = train(model, computing);
                    TrainedStudent.writeAdapter(course.folder, adapter, base);
                    return result;
                }
            }
        }
    }

    private Decoder decoder(Ops training, ModelWeights weights, ProjectionWrapper wrapper) {
        return new Decoder(training, weights, wrapper, train.activations());
    }

    private ModelWeights weights(StoredWeights stored, Ops training) throws IOException {
        ModelConfig config = stored.config();
        return switch (train.mode()) {
            case FULL -> TrainRoom.trained(recipe, stored, training);
            case LORA -> ModelWeights.load(config, stored, training, ModelWeights.Use.FROZEN);
            case QLORA -> ModelWeights.load(config, stored, training, ModelWeights.Use.FOUR_BITS);
        };
    }

    private Computing computing(ModelConfig model) throws IOException {
        Computing settled = TrainCompute.settle(train.compute(), model, course.folder);
        TrainRoom.ofThisMachine(recipe).require(model, settled, course.split.training());
        TrainCompute.keep(settled, course.folder);
        return settled;
    }

    private TrainResult train(Decoder model, Computing computing) throws IOException {
        Student learning = new Student(recipe.name(), () -> "in training", model, course.words);
        Optional<DistillPart> distill = train.distill();
        if (distill.isEmpty()) {
            PackedBatches batches = batches(RowTeacher.NONE);
            return train(learning, computing, batches, batches.stepsOfAnEpoch());
        }
        TeacherReading.Pupil pupil =
                new TeacherReading.Pupil(course.words, model.config().vocabulary(), objective);
        TaughtSamples taught = course.split.taught(train);
        TeacherReading reading = new TeacherReading(
                pupil,
                taught,
                course.folder,
                course.stop,
                done -> course.listener.teacherReads(
                        (int) done, taught.samples().size()));
        try (Ops reader = computing.ops();
                LogitTeacher teacher = reading.by(distill.get(), reader)) {
            PackedBatches traces = batches(teacher.stored());
            BatchSource batches = teacher.batches(traces, train, learning, course.split.withTraces(), recipe.seed());
            return train(learning, computing, batches, traces.stepsOfAnEpoch());
        }
    }

    private TrainResult train(Student learning, Computing computing, BatchSource batches, int stepsOfAnEpoch)
            throws IOException {
        MeasuringPart measuring = train.measuring();
        Decoder model = learning.model();
        SamplePrompts asked = new SamplePrompts(
                course.split.asked(measuring.samplePrompts()),
                objective == SampleMaker.Objective.REASONING,
                measuring.sampleTokens());
        String template = recipe.eval().map(EvalPart::template).orElse("{question}");
        Exam exam = TaskExam.of(measuring.score(), template, learning, asked.reasoning(), course.stop);
        try (Watchers watchers = new Watchers(course.folder, learning, asked, course.listener, course.stop)) {
            return new Trainer(
                            model,
                            train.settings(stepsOfAnEpoch)
                                    .with(new EmbeddingNoise(train.batches().neftune(), recipe.seed())),
                            batches,
                            Validation.of(
                                    course.split.validation(),
                                    train.batches().rowTokens(),
                                    train.batches().overLong()),
                            TrainCompute.meter(computing, model.config(), train.mode()))
                    .with(exam)
                    .run(course.folder, watchers.listener(), course.stop);
        }
    }
}
