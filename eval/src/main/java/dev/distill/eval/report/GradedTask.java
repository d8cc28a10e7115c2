package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.task.Conditions;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one model answered to one task, graded: what every figure of a report is counted from.
 *
 * @param model the responder's name
 * @param questions in the task's order
 * @param asked how the answers were sampled, which for answers made elsewhere is not as the task has it
 */
public record GradedTask(Task task, String model, List<GradedQuestion> questions, Conditions asked) {
    private static final int LONGEST_REFERENCE = 4_000;

    public GradedTask {
        questions = List.copyOf(questions);
    }

    /**
     * One question with its graded responses.
     *
     * @param samples by sample
     * @param consensus a response with the answer that most of the valid ones have (cons@k); null where none has an answer, or
     *     answers cannot be compared
     */
    public record GradedQuestion(
            Question question,
            List<Graded> samples,
            @Nullable Graded consensus) {
        public GradedQuestion {
            samples = List.copyOf(samples);
        }

        /** The reference as reports show it: tests of programs take megabytes, and none of their readers runs them. */
        public String reference() {
            String whole = String.valueOf(question.prompt().reference());
            if (whole.length() <= LONGEST_REFERENCE) {
                return whole;
            }
            int end = LONGEST_REFERENCE - (Character.isHighSurrogate(whole.charAt(LONGEST_REFERENCE - 1)) ? 1 : 0);
            return whole.substring(0, end) + " ... (" + Figures.count(whole.length() - end) + " characters more)";
        }

        /** The samples that say something of the model: all but those that the infrastructure failed. */
        public List<Graded> valid() {
            return samples.stream()
                    .filter(one -> one.grade() != Grade.INFRA_ERROR)
                    .toList();
        }

        /** How many of its samples are right. */
        public int right() {
            return (int)
                    samples.stream().filter(one -> one.grade() == Grade.RIGHT).count();
        }

        /** The share of its valid samples that are right; NaN where there is none. */
        public double score() {
            int valid = valid().size();
            return valid == 0 ? Double.NaN : (double) right() / valid;
        }
    }

    /** The same answers, sampled so. */
    public GradedTask under(Conditions conditions) {
        return new GradedTask(task, model, questions, conditions);
    }

    /** Grades every response to a task that was asked as it says itself. */
    public static GradedTask of(Task task, String model, List<Answered> answered, Grader grader) {
        List<GradedQuestion> questions = new ArrayList<>();
        for (Answered one : answered) {
            List<Graded> samples = one.responses().stream()
                    .map(response -> grader.grade(one.question(), response))
                    .toList();
            List<Graded> valid = samples.stream()
                    .filter(graded -> graded.grade() != Grade.INFRA_ERROR)
                    .toList();
            List<List<Graded>> classes = grader.classes(one.question(), valid);
            questions.add(new GradedQuestion(
                    one.question(),
                    samples,
                    classes.isEmpty() ? null : classes.getFirst().getFirst()));
        }
        return new GradedTask(task, model, questions, Conditions.of(task));
    }
}
