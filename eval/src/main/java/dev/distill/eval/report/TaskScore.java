package dev.distill.eval.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.manner.Manner;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.GradedTask.GradedQuestion;
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
 * @param questions that at least one response answered without an error of the infrastructure; 0 where it failed for all, and then every
 *     share is NaN
 * @param samples responses asked for a question, k
 * @param passAt1 share of right responses, averaged over questions; Wilson's interval for one sample a question, a
 *     bootstrap over questions for several
 * @param consensus share of questions whose majority answer is right; NaN where answers cannot be compared with each other, so that
 *     there is no majority
 * @param grades how many responses got each grade
 * @param meanTokens new tokens a response
 * @param questionScores per question the share of its samples that are right, in the task's order, NaN where the
 *     infrastructure failed for all; for paired comparisons
 * @param detail what more there is to say; null in scores that an earlier version has written
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TaskScore(
        String task,
        String model,
        int questions,
        int samples,
        Interval passAt1,
        double consensus,
        Map<Grade, Integer> grades,
        double meanTokens,
        List<Double> questionScores,
        @Nullable TaskDetail detail) {
    public TaskScore {
        grades = Collections.unmodifiableMap(new EnumMap<>(grades));
        questionScores = List.copyOf(questionScores);
    }

    /** A score of which no more is known. */
    public TaskScore(
            String task,
            String model,
            int questions,
            int samples,
            Interval passAt1,
            double consensus,
            Map<Grade, Integer> grades,
            double meanTokens,
            List<Double> questionScores) {
        this(task, model, questions, samples, passAt1, consensus, grades, meanTokens, questionScores, null);
    }

    /** Counts. */
    public static TaskScore of(GradedTask graded) {
        return of(graded, TaskDetail.measured(graded).manner());
    }

    /** @param manner measured on the same responses */
    static TaskScore of(GradedTask graded, Manner manner) {
        int consensus = 0;
        int samples = 0;
        long tokens = 0;
        long responses = 0;
        for (GradedQuestion question : graded.questions()) {
            samples = Math.max(samples, question.samples().size());
            for (Graded one : question.valid()) {
                tokens += one.response().usage().completionTokens();
                responses++;
            }
            @Nullable Graded majority = question.consensus();
            consensus += majority != null && majority.grade() == Grade.RIGHT ? 1 : 0;
        }
        String task = graded.task().name();
        double[] counted = counted(graded.questions());
        return new TaskScore(
                task,
                graded.model(),
                counted.length,
                samples,
                interval(graded.questions()),
                graded.task().grading().votes() ? (double) consensus / counted.length : Double.NaN,
                grades(graded.questions()),
                (double) tokens / responses,
                graded.questions().stream().map(GradedQuestion::score).toList(),
                TaskDetail.of(graded, samples, manner));
    }

    /** The scores of the questions that have one. */
    static double[] counted(List<GradedQuestion> questions) {
        return questions.stream()
                .mapToDouble(GradedQuestion::score)
                .filter(Double::isFinite)
                .toArray();
    }

    /** The share of right responses, averaged over those of these questions that have a score; NaN where none has. */
    static Interval interval(List<GradedQuestion> questions) {
        double[] scores = counted(questions);
        if (scores.length == 0) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN);
        }
        if (questions.stream().anyMatch(one -> one.samples().size() > 1)) {
            return Interval.bootstrap(scores, 0);
        }
        int right = 0;
        for (double score : scores) {
            right += score == 1 ? 1 : 0;
        }
        return Interval.wilson(right, scores.length);
    }

    static Map<Grade, Integer> grades(List<GradedQuestion> questions) {
        Map<Grade, Integer> grades = new EnumMap<>(Grade.class);
        questions.forEach(question -> question.samples().forEach(one -> grades.merge(one.grade(), 1, Integer::sum)));
        return grades;
    }

    /** The same under another name of the model. */
    public TaskScore named(String other) {
        return new TaskScore(
                task, other, questions, samples, passAt1, consensus, grades, meanTokens, questionScores, detail);
    }

    public int count(Grade grade) {
        return grades.getOrDefault(grade, 0);
    }

    /** The share of responses with this grade, of those that the infrastructure did not fail; NaN where there is none. */
    public double share(Grade grade) {
        int valid = grades.values().stream().mapToInt(Integer::intValue).sum() - count(Grade.INFRA_ERROR);
        return valid == 0 ? Double.NaN : (double) count(grade) / valid;
    }
}
