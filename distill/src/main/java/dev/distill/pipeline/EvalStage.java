package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Evaluation;
import dev.distill.eval.task.Responder;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A student's answers to each task, and its scores. */
public final class EvalStage {
    private EvalStage() {}

    /** Hears how far an evaluation is. */
    @FunctionalInterface
    public interface Progress {
        void responses(String task, int done, int all);
    }

    /**
     * Asks and grades every task of the recipe.
     *
     * @param folder gets a folder a task, with the responses, and {@code scores.json}
     */
    public static List<TaskScore> run(EvalPart part, Responder responder, Path folder, Progress progress)
            throws IOException {
        List<TaskScore> scores = new ArrayList<>();
        for (Path file : part.tasks()) {
            PromptFormat format = PromptFormat.PLAIN.withTemplate(part.template());
            List<Prompt> prompts = PromptFile.read(file, part.limit() == 0 ? format : format.withRange(0, part.limit()))
                    .prompts();
            scores.add(run(new Task(EvalPart.taskName(file), prompts, part.decoding()), responder, folder, progress));
        }
        AtomicFile.write(
                folder.resolve("scores.json"),
                new ObjectMapper().writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(scores) + "\n");
        return scores;
    }

    /** Asks and grades one task. */
    static TaskScore run(Task task, Responder responder, Path folder, Progress progress) throws IOException {
        int all = task.prompts().size() * task.decoding().samples();
        List<Evaluation.Answered> answered = Evaluation.run(
                task, responder, folder.resolve(task.name()), done -> progress.responses(task.name(), done, all));
        return TaskScore.of(task.name(), responder.name(), answered, new MathGrader());
    }
}
