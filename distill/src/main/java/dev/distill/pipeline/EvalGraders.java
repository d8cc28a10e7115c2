package dev.distill.pipeline;

import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.grade.Graders;
import dev.distill.eval.manner.ProbeGrader;
import dev.distill.eval.manner.Probes;
import dev.distill.eval.sandbox.Sandbox;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who grades an evaluation: rules, a sandbox where programs are run, a judge model where the recipe names one. */
final class EvalGraders implements Examination.Grading, AutoCloseable {
    private final Graders graders;
    private final @Nullable Sandbox sandbox;
    private final Optional<AnswerJudge> judge;

    private EvalGraders(Graders graders, @Nullable Sandbox sandbox, Optional<AnswerJudge> judge) {
        this.graders = graders;
        this.sandbox = sandbox;
        this.judge = judge;
    }

    /** Rules alone. */
    static EvalGraders ofTexts() {
        return new EvalGraders(Graders.byRules(), null, Optional.empty());
    }

    /**
     * What these tasks need.
     *
     * @param judge for answers of a free form; empty where the recipe names none
     * @throws RecipeException if the recipe does not allow that
     */
    static EvalGraders of(Recipe recipe, List<Task> tasks, Optional<AnswerJudge> judge) throws IOException {
        List<String> problems = new ArrayList<>();
        for (Task task : tasks) {
            if (task.grading() == Grading.CODE && !recipe.verify().runsPrograms()) {
                problems.add("verify.sandbox: must be bubblewrap, for the answers to task " + task.name()
                        + " are programs that are run; got none");
            }
            if (task.grading() == Grading.JUDGE && judge.isEmpty()) {
                problems.add("verify.judge: is missing; the answers to task " + task.name() + " are judged by a model");
            }
        }
        if (!problems.isEmpty()) {
            throw new RecipeException(recipe.name(), problems);
        }
        if (tasks.stream().noneMatch(task -> task.grading() == Grading.CODE)) {
            return new EvalGraders(Graders.byRules(), null, judge);
        }
        Sandbox sandbox = Sandbox.open();
        Graders graders = Graders.byRules()
                .with(new CodeVerifier(sandbox, recipe.verify().settings()))
                .atOnce(Runtime.getRuntime().availableProcessors());
        return new EvalGraders(graders, sandbox, judge);
    }

    @Override
    public Grader of(Task task, List<Answered> answered, Path folder) throws IOException {
        if (Probes.are(task)) {
            return new ProbeGrader("");
        }
        return task.grading() == Grading.JUDGE
                ? judge.orElseThrow().grader(answered, folder)
                : graders.of(task, answered);
    }

    @Override
    public void close() throws IOException {
        if (sandbox != null) {
            sandbox.close();
        }
    }
}
