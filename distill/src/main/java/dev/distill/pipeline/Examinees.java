package dev.distill.pipeline;

import dev.distill.eval.report.GradedTask;
import dev.distill.eval.task.Evaluation;
import dev.distill.eval.task.GivenAnswers;
import dev.distill.eval.task.Task;
import dev.distill.hub.ModelSource;
import dev.distill.respond.Student;
import dev.distill.respond.StudentResponder;
import dev.distill.student.ops.Ops;
import dev.distill.train.SampleMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Whoever an evaluation asks: the one it is about, and the one it is compared with.
 *
 * @param ops made where a model is run, and only there
 * @param evalOps of the models that answer; not of one that has a shape alone and no files
 */
record Examinees(
        Recipe recipe,
        RunFolder run,
        EvalPart part,
        Supplier<Ops> ops,
        EvalOps evalOps,
        Pipeline.Listener listener,
        Stop stop) {
    /** The folder of an evaluation's with the answers of the student before its training. */
    static final String BEFORE = "before";

    /** The same of another run. */
    static final String AGAINST = "against";

    /** The answers of the one that the evaluation is about. */
    List<GradedTask> subject(List<Task> tasks, Examination examination) throws IOException {
        Path folder = run.eval();
        return switch (part.subject()) {
            case EvalSubject.Trained trained -> {
                TrainedStudent trainedStudent = TrainedStudent.of(recipe, run.train());
                try (Student student = trainedStudent.open(recipe.name(), evalOps.of(trainedStudent.model()))) {
                    yield each(tasks, task -> examination.of(task, responder(student), folder));
                }
            }
            case EvalSubject.Model(ModelSource source) -> {
                try (Student student = open(source)) {
                    yield each(tasks, task -> examination.of(task, responder(student), folder));
                }
            }
            case EvalSubject.Endpoint(EndpointPart endpoint) -> {
                try (AskedEndpoint asked = new AskedEndpoint(recipe, endpoint, run, ops, listener, stop)) {
                    yield each(tasks, task -> examination.of(task, asked.responder(task), folder));
                }
            }
            case EvalSubject.Answers(Path file) ->
                each(
                        tasks,
                        task -> examination.of(
                                task,
                                GivenAnswers.read(recipe.name(), file, task),
                                part.sampling().samples(),
                                folder));
        };
    }

    /** The answers of the one that it is compared with; none where nobody is. */
    List<GradedTask> rival(List<Task> tasks, Examination examination) throws IOException {
        return switch (part.against().orElse(null)) {
            case null -> List.of();
            case EvalRival.Base base -> {
                Path folder = run.eval().resolve(BEFORE);
                try (Student student = untrained()) {
                    yield each(tasks, task -> examination.of(task, responder(student), folder));
                }
            }
            case EvalRival.Run(Path folder) -> earlier(tasks, examination, new RunFolder(folder));
        };
    }

    /** How many of these tasks are asked of, or read for, the one that it is compared with. */
    static int roundsOfRival(EvalPart part, List<Task> tasks) {
        return switch (part.against().orElse(null)) {
            case null -> 0;
            case EvalRival.Base base -> tasks.size();
            case EvalRival.Run(Path folder) ->
                (int) tasks.stream()
                        .filter(task -> Files.exists(answersOf(new RunFolder(folder), task)))
                        .count();
        };
    }

    private static Path answersOf(RunFolder other, Task task) {
        return other.eval().resolve(task.name()).resolve(Evaluation.RESPONSES);
    }

    /** What is done with a task. */
    private interface Asked {
        GradedTask of(Task task) throws IOException;
    }

    private static List<GradedTask> each(List<Task> tasks, Asked asked) throws IOException {
        List<GradedTask> graded = new ArrayList<>();
        for (Task task : tasks) {
            graded.add(asked.of(task));
        }
        return graded;
    }

    private StudentResponder responder(Student student) {
        return new StudentResponder(student, true, part.slots(), stop);
    }

    private Student open(ModelSource source) throws IOException {
        return switch (source) {
            case ModelSource.Local(Path path) -> Student.open(path, null, evalOps.of(path));
            case ModelSource.OnHub hub -> {
                Path model = BaseModel.fetch(hub, run.root().resolve("eval.commit"), listener.fetching(), stop);
                yield Student.open(hub.id().toString(), model, null, evalOps.of(model));
            }
            case ModelSource.Missing missing ->
                throw new RecipeException(recipe.name(), List.of("eval.model: " + missing.message()));
        };
    }

    /** The student as it was before its first step. */
    private Student untrained() throws IOException {
        StudentPart student = Recipe.required(recipe.student(), "student", "eval.against: base");
        String name = recipe.name() + " " + BEFORE;
        if (student.shape().isPresent()) {
            return new TrainStage(recipe, ops.get(), SampleMaker.Objective.REASONING).untrained(run.train());
        }
        Path base = Objects.requireNonNull(student.folder(), "a base");
        return Student.open(name, base, null, evalOps.of(base));
    }

    /** What another run was asked as well and has answered. */
    private List<GradedTask> earlier(List<Task> tasks, Examination examination, RunFolder other) throws IOException {
        String model = EvalFiles.scores(other.eval()).getFirst().model();
        List<GradedTask> graded = new ArrayList<>();
        for (Task task : tasks) {
            Path answers = answersOf(other, task);
            if (Files.exists(answers)) {
                GivenAnswers given = GivenAnswers.read(model, answers, task);
                OptionalInt samples = part.sampling().samples().stream()
                        .map(most -> Math.max(1, Math.min(most, given.samples(task.prompts()))))
                        .findFirst(); // of one that was asked less often all are taken
                graded.add(examination.of(task, given, samples, run.eval().resolve(AGAINST)));
            }
        }
        return graded;
    }
}
