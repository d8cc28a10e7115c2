package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model's score in one task.
 *
 * @param task its name
 * @param model the responder's name
 * @param questions that at least one response answered without an error of the infrastructure
 * @param samples responses asked for a question, k
 * @param passAt1 share of right responses, averaged over questions; Wilson's interval for one sample a question, a
 *     bootstrap over questions for several
 * @param consensus share of questions whose majority answer is right
 * @param grades how many responses got each grade
 * @param meanTokens new tokens a response
 * @param questionScores per question the share of its samples that are right, in the task's order, NaN where the
 *     infrastructure failed for all; for paired comparisons
 */
public record TaskScore(
        String task,
        String model,
        int questions,
        int samples,
        Interval passAt1,
        double consensus,
        Map<Grade, Integer> grades,
        double meanTokens,
        List<Double> questionScores) {
    public TaskScore {
        grades = Collections.unmodifiableMap(new EnumMap<>(grades));
        questionScores = List.copyOf(questionScores);
    }

    /**
     * Counts.
     *
     * @throws IllegalStateException if no response is without an error of the infrastructure
     */
    public static TaskScore of(GradedTask graded) {
        Map<Grade, Integer> grades = new EnumMap<>(Grade.class);
        List<Double> scores = new ArrayList<>();
        int consensus = 0;
        int samples = 0;
        long tokens = 0;
        long responses = 0;
        for (GradedQuestion question : graded.questions()) {
            samples = Math.max(samples, question.samples().size());
            question.samples().forEach(one -> grades.merge(one.grade(), 1, Integer::sum));
            for (Graded one : question.valid()) {
                tokens += one.response().usage().completionTokens();
                responses++;
            }
            scores.add(question.score());
            @Nullable Graded majority = question.consensus();
            consensus += majority != null && majority.grade() == Grade.RIGHT ? 1 : 0;
        }
        String task = graded.task().name();
        double[] counted = scores.stream()
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        if (counted.length == 0) {
            throw new IllegalStateException("task " + task + ": the infrastructure failed for every response");
        }
        return new TaskScore(
                task,
                graded.model(),
                counted.length,
                samples,
                interval(counted, samples),
                (double) consensus / counted.length,
                grades,
                (double) tokens / responses,
                scores);
    }

    private static Interval interval(double[] scores, int samples) {
        if (samples > 1) {
            return Interval.bootstrap(scores, 0);
        }
        int right = 0;
        for (double score : scores) {
            right += score == 1 ? 1 : 0;
        }
        return Interval.wilson(right, scores.length);
    }

    public int count(Grade grade) {
        return grades.getOrDefault(grade, 0);
    }
}
