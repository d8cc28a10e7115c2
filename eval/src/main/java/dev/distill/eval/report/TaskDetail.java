package dev.distill.eval.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.manner.Manner;
import dev.distill.eval.manner.Reply;
import dev.distill.eval.metric.RatingEstimate;
import dev.distill.eval.metric.SeedSpread;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import dev.distill.eval.task.Grading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What more there is to say of one model's responses to one task.
 *
 * @param passAtK by k
 * @param steady G-Pass@k; empty for few samples
 * @param seeds spread of the scores of single runs; null for one sample a question
 * @param spending tokens, seconds and money
 * @param manner how it answers
 * @param facets scores by what questions have in common
 * @param rating for code tasks whose questions have a facet {@code rating}; else null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TaskDetail(
        List<PassAt> passAtK,
        List<PassAt.Steady> steady,
        @Nullable SeedSpread seeds,
        Spending spending,
        Manner manner,
        List<FacetScore> facets,
        @Nullable RatingEstimate rating) {
    private static final String RATING = "rating";

    public TaskDetail {
        passAtK = List.copyOf(passAtK);
        steady = List.copyOf(steady);
        facets = List.copyOf(facets);
    }

    static TaskDetail of(GradedTask graded, int samples, Manner manner) {
        List<GradedQuestion> questions = graded.questions();
        List<Graded> valid =
                questions.stream().flatMap(one -> one.valid().stream()).toList();
        int right = questions.stream().mapToInt(GradedQuestion::right).sum();
        return new TaskDetail(
                PassAt.of(questions, samples),
                PassAt.Steady.of(questions, samples),
                seeds(questions, samples),
                Spending.of(valid, right),
                manner,
                FacetScore.of(questions),
                rating(graded));
    }

    /** Reads all responses but those that the infrastructure failed. */
    static Manner.Measured measured(GradedTask graded) {
        return Manner.measure(
                graded.questions().stream().map(TaskDetail::replies).toList());
    }

    private static List<Reply> replies(GradedQuestion question) {
        return question.valid().stream()
                .map(one -> new Reply(question.question(), one.response()))
                .toList();
    }

    /** A run is the samples of one number, one a question. */
    private static @Nullable SeedSpread seeds(List<GradedQuestion> questions, int samples) {
        List<Double> runs = new ArrayList<>();
        for (int run = 0; run < samples; run++) {
            int right = 0;
            int valid = 0;
            for (GradedQuestion question : questions) {
                @Nullable
                Graded sample =
                        run < question.samples().size() ? question.samples().get(run) : null;
                valid += sample != null && sample.grade() != Grade.INFRA_ERROR ? 1 : 0;
                right += sample != null && sample.grade() == Grade.RIGHT ? 1 : 0;
            }
            if (valid > 0) {
                runs.add((double) right / valid);
            }
        }
        return samples < 2 || runs.size() < 2
                ? null
                : SeedSpread.of(runs.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static @Nullable RatingEstimate rating(GradedTask graded) {
        List<GradedQuestion> rated = graded.questions().stream()
                .filter(one -> !one.valid().isEmpty())
                .filter(one -> one.question().facets().getOrDefault(RATING, "").matches("\\d{3,4}"))
                .toList();
        if (graded.task().grading() != Grading.CODE || rated.isEmpty()) {
            return null;
        }
        return RatingEstimate.of(
                rated.stream()
                        .mapToDouble(one ->
                                Double.parseDouble(one.question().facets().getOrDefault(RATING, "")))
                        .toArray(),
                rated.stream().mapToDouble(GradedQuestion::score).toArray());
    }
}
