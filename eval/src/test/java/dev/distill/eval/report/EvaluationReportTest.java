package dev.distill.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.FinishReason;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.metric.Holm;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Two questions of four responses, counted by hand: 3 of 4 right, and of the other 1 right, 1 truncated, 1 without an answer, 1
     * failed by the infrastructure, so 1 of 3.
     */
    @Test
    void aScoreSaysWhatItsResponsesTookAndHowFarTheyLieApart() {
        TaskScore score = TaskScore.of(byHand());
        TaskDetail detail = Objects.requireNonNull(score.detail());
        assertThat(score.passAt1().value()).isCloseTo((3 / 4.0 + 1 / 3.0) / 2, within(1e-12));
        assertThat(score.share(Grade.TRUNCATED)).isCloseTo(1 / 7.0, within(1e-12));
        assertThat(score.share(Grade.NO_ANSWER)).isCloseTo(1 / 7.0, within(1e-12));
        assertThat(score.count(Grade.INFRA_ERROR)).isEqualTo(1);
        // pass@2: 1 - C(1,2)/C(4,2) = 1, and 1 - C(2,2)/C(3,2) = 2/3; pass@4 only the first can say
        assertThat(detail.passAtK()).extracting(PassAt::k).containsExactly(1, 2, 4);
        assertThat(detail.passAtK().get(1).share().value()).isCloseTo((1 + 2 / 3.0) / 2, within(1e-12));
        assertThat(detail.passAtK().get(2).questions()).isEqualTo(1);
        // runs: samples 0 to 3 of both questions: 2 of 2, 1 of 2, 1 of 2, 0 of 1
        assertThat(Objects.requireNonNull(detail.seeds()).runs()).isEqualTo(4);
        assertThat(detail.seeds().mean()).isCloseTo((1 + 0.5 + 0.5 + 0) / 4, within(1e-12));
        assertThat(detail.seeds().max()).isEqualTo(1);
        // 7 valid responses of 100 tokens, 2 s and 0.0001 USD, four of them right
        assertThat(detail.spending().tokensPerResponse()).isEqualTo(100);
        assertThat(detail.spending().tokensPerSolved()).isEqualTo(175);
        assertThat(detail.spending().secondsPerSolved()).isEqualTo(3.5);
        assertThat(String.valueOf(detail.spending().costPerSolved())).isEqualTo("0.000175 USD");
        assertThat(detail.facets())
                .extracting(FacetScore::facet, FacetScore::value, FacetScore::questions)
                .contains(Tuple.tuple("level", "1", 1));
        assertThat(detail.rating()).isNull();
    }

    private static GradedTask byHand() {
        Task task = Scene.task("sums", 2, 4);
        Question first = task.questions().getFirst();
        Question second = task.questions().getLast();
        List<Response> ofFirst = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            ofFirst.add(Scene.response(first, k, null, "\\boxed{" + (k < 3 ? 4 : 5) + "}", 100));
        }
        List<Response> ofSecond = List.of(
                Scene.response(second, 0, null, "\\boxed{7}", 100),
                Scene.with(Scene.response(second, 1, null, "\\boxed{7}", 100), FinishReason.LENGTH, null),
                Scene.response(second, 2, null, "", 100),
                Scene.with(Scene.response(second, 3, null, "", 100), FinishReason.OTHER, "refused"));
        return GradedTask.of(
                task, "m", List.of(new Answered(first, ofFirst), new Answered(second, ofSecond)), new MathGrader());
    }

    @Test
    void withOneResponseAQuestionTheCurveIsTheScore() {
        TaskScore score = TaskScore.of(Scene.graded("sums", "m", 20, 1, 0.6, 1));
        TaskDetail detail = Objects.requireNonNull(score.detail());
        assertThat(detail.passAtK()).containsExactly(new PassAt(1, score.questions(), score.passAt1()));
        assertThat(detail.seeds()).isNull();
        assertThat(detail.steady()).isEmpty();
    }

    @Test
    void scoresOfEarlierVersionsAreStillRead() throws IOException {
        String earlier = """
                [{"task":"t","model":"m","questions":2,"samples":1,"passAt1":{"value":0.5,"low":0.1,"high":0.9},"consensus":0.5,
                "grades":{"RIGHT":1,"WRONG":1},"meanTokens":7.0,"questionScores":[1.0,"NaN"]}]""";
        List<TaskScore> scores = JSON.readValue(earlier, new TypeReference<>() {});
        assertThat(scores.getFirst().passAt1()).isEqualTo(new Interval(0.5, 0.1, 0.9));
        assertThat(scores.getFirst().detail()).isNull();
        assertThat(scores.getFirst().questionScores().get(1)).isNaN();
    }

    @Test
    void scoresAreReadAsTheyWereWritten() throws IOException {
        TaskScore score = TaskScore.of(Scene.graded("sums", "m", 20, 8, 0.6, 1));
        String written = JSON.writeValueAsString(score);
        assertThat(JSON.readValue(written, TaskScore.class)).isEqualTo(score);
        String later = written.substring(0, written.length() - 1) + ",\"later\":1}";
        assertThat(JSON.readValue(later, TaskScore.class)).isEqualTo(score);
    }

    @Test
    void twoModelsAreComparedQuestionByQuestionAndTasksTogether() {
        EvaluationReport report = Scene.two(30, 4);
        assertThat(report.models()).containsExactly("before", "after");
        List<ModelDifference> differences =
                report.tasks().stream().map(TaskReport::difference).toList();
        assertThat(differences)
                .extracting(ModelDifference::test)
                .containsExactly(
                        differences.getFirst().paired().exact()
                                ? "sign-flip permutation, exact"
                                : "sign-flip permutation, 100,000 random",
                        "McNemar, exact");
        double[] adjusted = Holm.adjusted(
                differences.stream().mapToDouble(ModelDifference::p).toArray());
        assertThat(differences.stream().mapToDouble(ModelDifference::adjustedP).toArray())
                .containsExactly(adjusted);
        assertThat(differences.getFirst().paired().difference().value()).isGreaterThan(0.1);
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        GradedTask twenty = Scene.graded("sums", "a", 20, 1, 0.5, 1);
        assertThatThrownBy(() ->
                        EvaluationReport.of("t", List.of(twenty), List.of(Scene.graded("sums", "b", 21, 1, 0.5, 1))))
                .hasMessage(
                        "task sums: b was asked other questions than a, so that they cannot be compared; evaluate both"
                                + " on the same file and limit");
        assertThatThrownBy(() -> EvaluationReport.of("t", List.of(twenty), List.of(twenty)))
                .hasMessageContaining("both models are called a");
        assertThatThrownBy(() -> EvaluationReport.of("t", List.of(twenty, twenty)))
                .hasMessageContaining("task sums stands there twice");
        assertThatThrownBy(() -> EvaluationReport.of("t", List.of())).hasMessageContaining("at least one task");
    }

    @Test
    void tasksThatOnlyOneModelWasAskedStandAlone() {
        EvaluationReport report = EvaluationReport.of(
                "t",
                List.of(Scene.graded("a", "x", 5, 1, 0.5, 1), Scene.graded("b", "x", 5, 1, 0.5, 1)),
                List.of(Scene.graded("b", "y", 5, 1, 0.5, 2), Scene.graded("c", "y", 5, 1, 0.5, 2)));
        assertThat(report.tasks()).extracting(TaskReport::name).containsExactly("a", "b", "c");
        assertThat(report.tasks()).extracting(task -> task.models().size()).containsExactly(1, 2, 1);
    }

    /** Another run in another locale, and the same model answered again: every format has the same bytes. */
    @Test
    void theSameAnswersGiveTheSameBytes() {
        Locale before = Locale.getDefault();
        EvaluationReport report = Scene.two(12, 4);
        List<String> first = List.of(ReportJson.of(report), ReportMarkdown.of(report), ReportPage.of(report));
        try {
            Locale.setDefault(Locale.GERMANY);
            EvaluationReport again = Scene.two(12, 4);
            assertThat(List.of(ReportJson.of(again), ReportMarkdown.of(again), ReportPage.of(again)))
                    .isEqualTo(first);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theJsonHasEveryOutcomeApartAndNullForWhatIsNotKnown() throws IOException {
        JsonNode report = JSON.readTree(ReportJson.of(EvaluationReport.of("By hand", List.of(byHand()))));
        JsonNode model = report.at("/tasks/0/models/0");
        assertThat(model.at("/grades").toString())
                .isEqualTo(
                        "{\"right\":4,\"wrong\":1,\"undecided\":0,\"no_answer\":1,\"truncated\":1,\"infra_error\":1}");
        assertThat(model.at("/pass_at_1/value").asDouble()).isCloseTo(13 / 24.0, within(1e-9));
        assertThat(model.at("/by_question/1/samples/3/grade").asText()).isEqualTo("infra_error");
        assertThat(model.at("/by_question/1/reference").asText()).isEqualTo("7");
        assertThat(model.at("/spending/cost_per_solved").asText()).isEqualTo("0.000175 USD");
        assertThat(report.at("/tasks/0/origin/licence").asText()).isEqualTo("MIT");
        assertThat(report.at("/tasks/0/difference").isMissingNode()).isTrue();
        List<String> fields = new ArrayList<>();
        report.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactly("format", "version", "title", "models", "tasks");
    }

    @Test
    void markdownCellsCannotBreakTheirTable() {
        String markdown = ReportMarkdown.of(
                EvaluationReport.of("a|b\n# c", List.of(Scene.saying("t|u", "m`<b>\n", "?", null, "\\boxed{8}"))));
        assertThat(markdown).contains("# a\\|b \\# c", "| t\\|u | m\\`\\<b\\>  |");
        List<String> rows =
                markdown.lines().filter(line -> line.startsWith("| ")).toList();
        assertThat(rows.get(0).replace("\\|", "").chars().filter(c -> c == '|').count())
                .isEqualTo(rows.get(2)
                        .replace("\\|", "")
                        .chars()
                        .filter(c -> c == '|')
                        .count());
    }

    /** Table 5 of the report for a student, and table 4 for its teacher. */
    @Test
    void publishedFiguresStandBesideTheTaskThatTheyAreOf() {
        List<Published.Figure> aime = Published.of("AIME_2024");
        assertThat(aime).isEqualTo(Published.of("aime24"));
        assertThat(aime)
                .filteredOn(figure -> figure.model().equals("DeepSeek-R1-Distill-Qwen-7B"))
                .extracting(figure -> figure.metric() + " " + figure.value())
                .containsExactly("pass@1 55.5", "cons@64 83.3");
        assertThat(Published.of("swe-bench-verified"))
                .filteredOn(figure -> figure.model().equals("DeepSeek-R1"))
                .extracting(Published.Figure::value)
                .containsExactly(49.2);
        assertThat(aime).allSatisfy(figure -> {
            assertThat(figure.source().date()).isEqualTo("2025-01-22");
            assertThat(figure.source().url()).contains("2501.12948");
            assertThat(figure.source().protocol()).contains("32,768 tokens");
        });
        assertThat(aime.stream().map(Published.Figure::model).distinct()).hasSize(11);
        assertThat(Published.of("my-own-task")).isEmpty();
        assertThat(Published.sources()).hasSize(3);
        assertThat(ReportMarkdown.of(Scene.two(5, 2))).contains("DeepSeek-R1-Distill-Qwen-1.5B | pass@1 | 28.9");
    }
}
