package dev.distill.eval.report;

import dev.distill.eval.manner.Manner;
import dev.distill.eval.metric.Holm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one model, or two, came to in one evaluation: the source of {@link ReportJson}, {@link ReportMarkdown}, {@link ReportPage}
 * and {@link HarnessFiles}. The same answers give the same bytes of each: nothing in it is a time, a path or drawn at random.
 *
 * @param title for people
 * @param tasks in the order in which the first model was asked
 */
public record EvaluationReport(String title, List<TaskReport> tasks) {
    public EvaluationReport {
        tasks = List.copyOf(tasks);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("evaluation report " + title + ": needs at least one task");
        }
    }

    /**
     * One task.
     *
     * @param models one entry, or two: the one that is compared with, then the one that is compared
     * @param difference of the two; null for one
     */
    public record TaskReport(
            List<ModelReport> models, @Nullable ModelDifference difference) {
        public TaskReport {
            models = List.copyOf(models);
        }

        public String name() {
            return models.getFirst().graded().task().name();
        }
    }

    /**
     * One model in one task.
     *
     * @param complaints about its responses by question, then by response, those that the infrastructure failed left out
     */
    public record ModelReport(GradedTask graded, TaskScore score, List<List<List<Manner.Complaint>>> complaints) {
        public ModelReport {
            complaints = List.copyOf(complaints);
        }

        static ModelReport of(GradedTask graded) {
            Manner.Measured measured = TaskDetail.measured(graded);
            return new ModelReport(graded, TaskScore.of(graded, measured.manner()), measured.complaints());
        }
    }

    /** Of one model. */
    public static EvaluationReport of(String title, List<GradedTask> model) {
        checkNames(title, model);
        return new EvaluationReport(
                title,
                model.stream()
                        .map(graded -> new TaskReport(List.of(ModelReport.of(graded)), null))
                        .toList());
    }

    /**
     * Of two models: a student before and after its training, or it and another. Tasks that only one was asked stand alone.
     *
     * @param first the one to compare with
     * @throws IllegalArgumentException if a task of both has other questions for one of them
     */
    public static EvaluationReport of(String title, List<GradedTask> first, List<GradedTask> second) {
        checkNames(title, first);
        checkNames(title, second);
        if (!first.isEmpty()
                && !second.isEmpty()
                && first.getFirst().model().equals(second.getFirst().model())) {
            throw new IllegalArgumentException("evaluation report " + title + ": both models are called "
                    + first.getFirst().model() + "; give one of them another name");
        }
        Map<String, GradedTask> others = new HashMap<>();
        second.forEach(graded -> others.put(graded.task().name(), graded));
        List<TaskReport> tasks = new ArrayList<>();
        for (GradedTask graded : first) {
            @Nullable GradedTask other = others.remove(graded.task().name());
            tasks.add(
                    other == null
                            ? new TaskReport(List.of(ModelReport.of(graded)), null)
                            : new TaskReport(
                                    List.of(ModelReport.of(graded), ModelReport.of(other)),
                                    ModelDifference.of(graded, other)));
        }
        second.stream()
                .filter(graded -> others.containsKey(graded.task().name()))
                .forEach(graded -> tasks.add(new TaskReport(List.of(ModelReport.of(graded)), null)));
        return new EvaluationReport(title, adjusted(tasks));
    }

    private static void checkNames(String title, List<GradedTask> model) {
        Set<String> names = new HashSet<>();
        for (GradedTask graded : model) {
            if (!names.add(graded.task().name())) {
                throw new IllegalArgumentException("evaluation report " + title + ": task "
                        + graded.task().name() + " stands there twice for " + graded.model() + "; rename one");
            }
        }
    }

    private static List<TaskReport> adjusted(List<TaskReport> tasks) {
        double[] adjusted = Holm.adjusted(tasks.stream()
                .map(TaskReport::difference)
                .filter(difference -> difference != null && difference.isKnown())
                .mapToDouble(ModelDifference::p)
                .toArray());
        List<TaskReport> result = new ArrayList<>();
        int next = 0;
        for (TaskReport task : tasks) {
            ModelDifference difference = task.difference();
            result.add(
                    difference == null || !difference.isKnown()
                            ? task
                            : new TaskReport(task.models(), difference.adjusted(adjusted[next++])));
        }
        return result;
    }

    /** The models' names, the one to compare with first. */
    public List<String> models() {
        return tasks.stream()
                .flatMap(task -> task.models().stream())
                .map(model -> model.score().model())
                .distinct()
                .toList();
    }
}
