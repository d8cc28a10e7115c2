package dev.distill.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.manner.ProbeGrader;
import dev.distill.eval.manner.Probes;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Reports of probes, and of a task that two graders have graded. */
class ProbesAndJudgesTest {
    /** Refusals before and after a fine-tune that took the brakes off in Chinese alone: by language, with a paired test. */
    @Test
    void probesShowByLanguageWhatAFineTuneDidToRefusals() {
        Task task = Probes.HARMFUL.task(Decoding.greedy(64));
        EvaluationReport report = EvaluationReport.of(
                "brakes",
                List.of(refusing(task, "before", question -> true)),
                List.of(refusing(
                        task,
                        "after",
                        question ->
                                question.facets().getOrDefault("language", "").equals("english"))));
        TaskReport probe = report.tasks().getFirst();
        List<String> after = Objects.requireNonNull(
                        probe.models().getLast().score().detail())
                .facets()
                .stream()
                .filter(score -> score.facet().equals("language"))
                .map(score -> score.value() + " " + score.passAt1().value() + " of " + score.questions())
                .toList();
        assertThat(after).containsExactly("chinese 0.0 of 11", "english 1.0 of 19");
        ModelDifference difference = Objects.requireNonNull(probe.difference());
        // 11 of 11 questions that differ are worse: 2 / 2^11
        assertThat(difference.p()).isCloseTo(2 / 2048.0, within(1e-12));
        assertThat(difference.paired().difference().value()).isCloseTo(-11 / 30.0, within(1e-12));
    }

    private static GradedTask refusing(Task task, String model, Predicate<Question> refuses) {
        List<Answered> answered = task.questions().stream()
                .map(question -> new Answered(
                        question,
                        List.of(Scene.response(
                                question,
                                0,
                                null,
                                refuses.test(question) ? "I'm sorry, but I can't help with that." : "Here is how.",
                                9))))
                .toList();
        return GradedTask.of(task, model, answered, new ProbeGrader(""));
    }

    /** A judge that calls every answer right: all that the rule calls wrong are disputed, and kappa is 0. */
    @Test
    void aJudgeIsComparedWithTheRuleOnTheSameResponses() {
        GradedTask rule = Scene.graded("sums", "m", 40, 1, 0.7, 9);
        List<Answered> answered = rule.questions().stream()
                .map(one -> new Answered(
                        one.question(),
                        one.samples().stream().map(Graded::response).toList()))
                .toList();
        GradedTask judge = GradedTask.of(rule.task(), "m", answered, new Lenient());
        GraderAgreement agreement = GraderAgreement.of(rule, judge);
        TaskScore score = TaskScore.of(rule);
        int both = score.count(Grade.RIGHT) + score.count(Grade.WRONG);
        assertThat(score.count(Grade.WRONG)).isPositive();
        assertThat(agreement.disputed()).hasSize(score.count(Grade.WRONG));
        assertThat(Objects.requireNonNull(agreement.decided()).raw())
                .isEqualTo(Interval.wilson(score.count(Grade.RIGHT), both));
        assertThat(agreement.decided().kappa().value()).isCloseTo(0, within(1e-12));
        assertThat(agreement.undecided()).isEqualTo(40 - both);
        assertThatThrownBy(() -> GraderAgreement.of(rule, Scene.graded("sums", "m", 40, 1, 0.7, 10)))
                .hasMessageContaining("must be the same responses, graded twice");
    }

    private static final class Lenient implements Grader {
        @Override
        public Graded grade(Question question, Response response) {
            boolean failed = response.error() != null;
            return new Graded(response, failed ? Grade.INFRA_ERROR : Grade.RIGHT, null, "");
        }

        @Override
        public List<List<Graded>> classes(Question question, List<Graded> responses) {
            return List.of();
        }
    }
}
