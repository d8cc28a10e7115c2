package dev.distill.pipeline;

import dev.distill.eval.grade.Grader;
import dev.distill.eval.report.GradedTask;
import dev.distill.eval.task.Evaluation;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.GivenAnswers;
import dev.distill.eval.task.Responder;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a task is put to somebody: asked, graded, kept.
 *
 * @param progress hears how far each task is
 * @param twice takes what was graded by two
 */
record Examination(Grading grading, EvalStage.Progress progress, Consumer<GradedTwice> twice) {
    /** Who grades. */
    interface Grading {
        /** @param folder of the task's answers, where a grader may keep what it has paid for */
        Grader of(Task task, List<Answered> answered, Path folder) throws IOException;

        /** Another who grades the same, to see how far the two agree; empty for none. */
        default Optional<Grader> second(Task task, List<Answered> answered, Path folder) throws IOException {
            return Optional.empty();
        }
    }

    /**
     * The same answers to a task by two graders.
     *
     * @param judge what the judge model says
     */
    record GradedTwice(GradedTask rule, GradedTask judge) {}

    /**
     * Asks what has no answer yet, and grades.
     *
     * @param folder gets a folder of the task's name, with the responses
     */
    GradedTask of(Task task, Responder responder, Path folder) throws IOException {
        Path of = folder.resolve(task.name());
        List<Answered> answered = Evaluation.run(task, responder, of, told(task.name()));
        GradedTask graded = GradedTask.of(task, responder.name(), answered, grading.of(task, answered, of))
                .under(responder.conditions(task));
        Optional<Grader> second = grading.second(task, answered, of);
        second.ifPresent(
                judge -> twice.accept(new GradedTwice(graded, GradedTask.of(task, responder.name(), answered, judge))));
        return graded;
    }

    /**
     * The same for answers that there are already.
     *
     * @param samples of each question; empty for as many as every question has
     */
    GradedTask of(Task task, GivenAnswers given, OptionalInt samples, Path folder) throws IOException {
        int all = Math.max(1, given.samples(task.prompts()));
        return of(task.withSamples(samples.orElse(all)), (Responder) given, folder);
    }

    private Evaluation.Progress told(String task) {
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
}
