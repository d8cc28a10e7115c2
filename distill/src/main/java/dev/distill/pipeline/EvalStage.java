package dev.distill.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.report.GradedTask;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Evaluation;
import dev.distill.eval.task.Responder;
import dev.distill.eval.task.Task;
import dev.distill.respond.Student;
import dev.distill.respond.StudentResponder;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A student's answers to each task, and its scores. */
public final class EvalStage {
    /** File of an evaluation's folder with the score of each task. */
    public static final String SCORES = "scores.json";

    private static final ObjectMapper JSON = new ObjectMapper();

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

    /** Scores the trained student of a run on every task of its recipe, or does nothing if it is done. */
    public static List<TaskScore> run(Recipe recipe, RunFolder run, Ops ops, Progress progress, Stop stop)
            throws IOException {
        EvalPart part = Recipe.required(recipe.eval(), "eval", "eval");
        Manifest plan = plan(recipe, part, run);
        if (RunFolder.done(run.eval(), plan).isPresent()) {
            return read(run.eval());
        }
        try (Student student = TrainedStudent.of(recipe, run.train()).open(recipe.name(), ops)) {
            StudentResponder responder = new StudentResponder(student, true, part.slots());
            List<TaskScore> scores = score(part, responder, run.eval(), stopping(progress, stop));
            plan.finish("", List.of(FileEntry.of(SCORES, run.eval().resolve(SCORES))))
                    .write(run.eval());
            return scores;
        }
    }

    /** The scores in the run's folder where they are of its present student, tasks and settings; none where not. */
    static List<TaskScore> standing(Recipe recipe, RunFolder run) throws IOException {
        Optional<EvalPart> part = recipe.eval();
        boolean done = part.isPresent()
                && RunFolder.done(run.eval(), plan(recipe, part.get(), run)).isPresent();
        return done ? read(run.eval()) : List.of();
    }

    private static Manifest plan(Recipe recipe, EvalPart part, RunFolder run) throws IOException {
        List<FileEntry> inputs = new ArrayList<>(List.of(RunFolder.asInput(run.train())));
        for (Path file : part.tasks()) {
            inputs.add(FileEntry.of(file.toString(), file));
        }
        return RunFolder.plan("eval", recipe.resolved().of("eval"), inputs);
    }

    /** The scores that an evaluation has left in this folder. */
    public static List<TaskScore> read(Path folder) throws IOException {
        return JSON.readValue(folder.resolve(SCORES).toFile(), new TypeReference<>() {});
    }

    /**
     * Asks and grades every task; only what an earlier run of the same responder has not answered is asked.
     *
     * @param folder gets a folder a task, with the responses, and {@code scores.json}
     */
    public static List<TaskScore> score(EvalPart part, Responder responder, Path folder, Progress progress)
            throws IOException {
        List<TaskScore> scores = new ArrayList<>();
        for (Path file : part.tasks()) {
            PromptFormat format = PromptFormat.PLAIN.withTemplate(part.template());
            List<Prompt> prompts = PromptFile.read(file, part.limit() == 0 ? format : format.withRange(0, part.limit()))
                    .prompts();
            scores.add(
                    score(Task.ofMath(EvalPart.taskName(file), prompts, part.decoding()), responder, folder, progress));
        }
        Files.deleteIfExists(folder.resolve(Manifest.FILE_NAME)); // it vouches for the scores of an earlier plan
        AtomicFile.write(
                folder.resolve(SCORES),
                JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(scores) + "\n");
        return scores;
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

    private static Evaluation.Progress of(String task, Progress progress) {
        return new Evaluation.Progress() {
            @Override
            public void begin(int earlier, int all) {
                progress.begin(task, earlier, all);
            }

            @Override
            public void responses(int done, int all) {
                progress.responses(task, done, all);
            }
        };
    }

    /** Asks and grades one task. */
    private static TaskScore score(Task task, Responder responder, Path folder, Progress progress) throws IOException {
        List<Evaluation.Answered> answered =
                Evaluation.run(task, responder, folder.resolve(task.name()), of(task.name(), progress));
        return TaskScore.of(GradedTask.of(task, responder.name(), answered, new MathGrader()));
    }
}
