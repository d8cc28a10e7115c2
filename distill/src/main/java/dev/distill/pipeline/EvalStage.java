package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.report.EvaluationReport;
import dev.distill.eval.report.GradedTask;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Responder;
import dev.distill.eval.task.Task;
import dev.distill.hub.ModelSource;
import dev.distill.pipeline.Examination.GradedTwice;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Somebody's answers to each task, their scores, and a report. */
public final class EvalStage {
    /** File of an evaluation's folder with the score of each task. */
    public static final String SCORES = EvalFiles.SCORES;

    /** Grading and scores of another program version are done anew; answers are kept. */
    private static final String VERSION = "3";

    private static final String EVAL = "eval";

    private EvalStage() {}

    /** Hears how far the evaluation of each task is, counted in answers: questions x samples. */
    public interface Progress {
        /**
         * A task begins.
         *
         * @param earlier answers that an earlier start has left
         */
        void begin(String task, int earlier, int all);

        /** @param done answers that are saved, the earlier ones included */
        void responses(String task, int done, int all);
    }

    /**
     * What came of it.
     *
     * @param report for people, with every answer
     */
    public record Evaluated(List<TaskScore> scores, Path report) {
        public Evaluated {
            scores = List.copyOf(scores);
        }
    }

    /** Evaluates whom the recipe names, or does nothing if it is done. */
    public static Evaluated run(Recipe recipe, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop)
            throws IOException {
        EvalPart part = Recipe.required(recipe.eval(), EVAL, EVAL);
        List<Task> tasks = EvalTasks.load(part);
        Manifest plan = plan(recipe, part, run, tasks);
        if (RunFolder.done(run.eval(), plan).isPresent()) {
            List<TaskScore> scores = read(run.eval());
            if (scores.stream().allMatch(score -> score.count(Grade.INFRA_ERROR) == 0)) {
                return new Evaluated(scores, run.eval().resolve(EvalFiles.PAGE));
            } // what the infrastructure failed may be mended by now: only that is asked and graded again
        }
        Files.createDirectories(run.eval());
        int rounds = tasks.size() + Examinees.roundsOfRival(part, tasks);
        try (EvalProgressFile told = new EvalProgressFile(run.eval(), rounds, listener.evaluation())) {
            Evaluated evaluated = examine(recipe, run, part, tasks, plan, ops, listener, told, stop);
            told.done();
            return evaluated;
        }
    }

    private static Evaluated examine(
            Recipe recipe,
            RunFolder run,
            EvalPart part,
            List<Task> tasks,
            Manifest plan,
            Supplier<Ops> ops,
            Pipeline.Listener listener,
            Progress progress,
            Stop stop)
            throws IOException {
        List<GradedTask> subject;
        List<GradedTask> rival;
        List<GradedTwice> twice = new ArrayList<>();
        Optional<AnswerJudge> judge = AnswerJudge.of(recipe, run, ops, listener, stop);
        try (EvalGraders graders = EvalGraders.of(recipe, tasks, judge, stop);
                EvalOps evalOps = new EvalOps(part.compute())) {
            Examination examination = new Examination(graders, stopping(progress, stop), twice::add);
            Examinees examinees = new Examinees(recipe, run, part, ops, evalOps, listener, stop);
            rival = examinees.rival(tasks, examination);
            subject = examinees.subject(tasks, examination);
        }
        List<TaskScore> scores = subject.stream().map(TaskScore::of).toList();
        begin(run.eval());
        EvalFiles.write(run.eval(), scores);
        EvaluationReport report = rival.isEmpty()
                ? EvaluationReport.of(recipe.name(), subject)
                : EvaluationReport.of(
                        recipe.name(), part.against().orElseThrow().named(rival, subject), subject);
        List<FileEntry> files = new ArrayList<>(EvalFiles.write(run.eval(), report));
        files.addAll(EvalFiles.writeAgreement(run.eval(), twice));
        plan.finish("", files).write(run.eval());
        return new Evaluated(scores, run.eval().resolve(EvalFiles.PAGE));
    }

    /**
     * The scores in the run's folder where they are of its present student and settings; none where not. The tasks' data is not looked at: what a student came to on the
     * data that there was is still true of it.
     */
    static List<TaskScore> standing(Recipe recipe, RunFolder run) throws IOException {
        Optional<EvalPart> part = recipe.eval();
        boolean own = part.map(EvalPart::subject).orElse(null) instanceof EvalSubject.Trained;
        if (part.isEmpty() || !own || !Manifest.isIn(run.eval())) {
            return List.of();
        }
        Manifest found = Manifest.read(run.eval());
        String student = RunFolder.asInput(run.train()).sha256();
        boolean same = found.stage().equals(EVAL)
                && found.settings().equals(settings(recipe, part.get()))
                && found.inputs().stream().anyMatch(input -> input.sha256().equals(student));
        return same ? read(run.eval()) : List.of();
    }

    private static Manifest plan(Recipe recipe, EvalPart part, RunFolder run, List<Task> tasks) throws IOException {
        List<FileEntry> inputs = new ArrayList<>();
        switch (part.subject()) {
            case EvalSubject.Trained trained -> inputs.add(RunFolder.asInput(run.train()));
            case EvalSubject.Answers(Path file) ->
                inputs.add(Manifest.isIn(file) ? RunFolder.asInput(file) : FileEntry.of(file.toString(), file));
            case EvalSubject.Model(ModelSource.Local(Path model)) -> inputs.addAll(RunFolder.model(model));
            case EvalSubject.Model elsewhere -> {} // of the hub, at the commit that the run keeps
            case EvalSubject.Endpoint(EndpointPart endpoint) ->
                inputs.addAll(weights(endpoint.teacher().local()));
        }
        if (part.against().orElse(null) instanceof EvalRival.Base) {
            inputs.addAll(base(recipe, run));
        }
        if (recipe.verify().judge().isPresent()) {
            inputs.addAll(weights(recipe.verify().judge().get().teacher().local()));
        }
        for (Path file : part.taskFiles()) {
            inputs.add(FileEntry.of(file.toString(), file));
        }
        if (part.against().orElse(null) instanceof EvalRival.Run(Path other)) {
            inputs.add(RunFolder.asInput(new RunFolder(other).eval()));
        }
        inputs.addAll(EvalTasks.inputs(tasks));
        return RunFolder.plan(EVAL, settings(recipe, part), inputs);
    }

    private static SequencedMap<String, String> settings(Recipe recipe, EvalPart part) {
        SequencedMap<String, String> settings = part.against().orElse(null) instanceof EvalRival.Base
                ? recipe.resolved().of(EVAL, "verify", "student", "seed") // they decide what an untrained student is
                : recipe.resolved().of(EVAL, "verify");
        settings.put("eval.version", VERSION);
        return settings;
    }

    /** Of a model that this process runs; of one elsewhere nobody can tell. */
    private static List<FileEntry> weights(@Nullable ModelSource source) throws IOException {
        return source instanceof ModelSource.Local(Path model) ? RunFolder.model(model) : List.of();
    }

    /** The student before its training: its base, or the words of one that was made of nothing. */
    private static List<FileEntry> base(Recipe recipe, RunFolder run) throws IOException {
        Path folder = recipe.student().map(StudentPart::folder).orElse(null);
        if (folder != null) {
            return RunFolder.model(folder);
        }
        return Manifest.isIn(run.train()) ? List.of(RunFolder.asInput(run.train())) : List.of();
    }

    /** The scores that an evaluation has left in this folder. */
    public static List<TaskScore> read(Path folder) throws IOException {
        return EvalFiles.scores(folder);
    }

    /**
     * Asks and grades every task of a part whose answers need no program run; only what an earlier run of the same responder has
     * not answered is asked.
     *
     * @param folder gets a folder a task, with the responses, and {@code scores.json}
     */
    public static List<TaskScore> score(EvalPart part, Responder responder, Path folder, Progress progress)
            throws IOException {
        List<Task> tasks = EvalTasks.load(part);
        try (EvalGraders graders = EvalGraders.ofTexts()) {
            Examination examination = new Examination(graders, progress, _ -> {});
            List<TaskScore> scores = new ArrayList<>();
            for (Task task : tasks) {
                scores.add(TaskScore.of(examination.of(task, responder, folder)));
            }
            begin(folder);
            EvalFiles.write(folder, scores);
            return scores;
        }
    }

    /** What was said of an earlier plan no longer holds. */
    private static void begin(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(Manifest.FILE_NAME));
    }

    /** The same progress, with a safe point before the first answer and after each. */
    public static Progress stopping(Progress progress, Stop stop) {
        return new Progress() {
            @Override
            public void begin(String task, int earlier, int all) {
                progress.begin(task, earlier, all);
                check(task, earlier, all);
            }

            @Override
            public void responses(String task, int done, int all) {
                progress.responses(task, done, all);
                check(task, done, all);
            }

            private void check(String task, int done, int all) {
                stop.check("eval: stopped after " + done + " of " + all + " answers of task " + task
                        + ", which are saved; the same command goes on from there");
            }
        };
    }
}
