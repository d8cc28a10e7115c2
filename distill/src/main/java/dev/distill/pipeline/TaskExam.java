package dev.distill.pipeline;

import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.report.GradedTask;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Responder;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import dev.distill.respond.Student;
import dev.distill.respond.StudentResponder;
import dev.distill.train.Exam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** The questions of {@code train.score-tasks}, answered greedily by the student in training and graded as evaluation grades. */
final class TaskExam implements Exam {
    private static final int SLOTS = 16;

    private final ScorePart part;
    private final Task task;
    private final Responder responder;
    private final String fingerprint;

    private TaskExam(ScorePart part, Task task, boolean reasoning, Responder responder) {
        this.part = part;
        this.task = task;
        this.responder = responder;
        this.fingerprint =
                Hash.of(List.of(task.prompts().toString(), task.decoding().toString(), Boolean.toString(reasoning)));
    }

    /**
     * The recipe's exam.
     *
     * @param template how a question is asked
     * @param reasoning whether the student is asked to reason first
     * @param stop once true, a sitting is broken off, and its step stays without a score
     */
    static Exam of(ScorePart part, String template, Student student, boolean reasoning, BooleanSupplier stop)
            throws IOException {
        if (part.every() == 0) {
            return Exam.NONE;
        }
        List<Prompt> prompts = new ArrayList<>();
        for (Path file : part.tasks()) {
            PromptFormat format = PromptFormat.PLAIN.withTemplate(template);
            prompts.addAll(PromptFile.read(file, part.limit() == 0 ? format : format.withRange(0, part.limit()))
                    .prompts());
        }
        Task task = Task.ofMath("train.score-tasks", prompts, Responder.Decoding.greedy(part.newTokens()));
        return new TaskExam(
                part, task, reasoning, new StudentResponder(student, reasoning, Math.min(SLOTS, prompts.size()), stop));
    }

    @Override
    public boolean isDue(int step, int steps) {
        return step % part.every() == 0 || step == steps;
    }

    @Override
    public boolean selects() {
        return part.select() == ScorePart.Select.SCORE;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public Score sit() {
        Map<String, Response> responses = new HashMap<>();
        responder.respond(task.prompts(), task.decoding(), response -> responses.put(response.promptId(), response));
        if (responses.size() < task.prompts().size()) {
            return Score.NONE;
        }
        List<Answered> answered = task.questions().stream()
                .map(question -> new Answered(question, List.of(Objects.requireNonNull(responses.get(question.id())))))
                .toList();
        TaskScore score = TaskScore.of(GradedTask.of(task, responder.name(), answered, new MathGrader()));
        return new Score(score.questions(), score.passAt1());
    }
}
