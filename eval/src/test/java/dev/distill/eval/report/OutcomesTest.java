package dev.distill.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.FinishReason;
import dev.distill.eval.grade.ExactGrader;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.task.Conditions;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Origin;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a report says where nothing can be said: infrastructure that failed, answers that cannot be compared, sampling that nobody knows. */
class OutcomesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** A task whose every response the network lost. */
    private static GradedTask lost(String name, String model) {
        Task task = Scene.task(name, 3, 2);
        List<Answered> answered = new ArrayList<>();
        for (Question question : task.questions()) {
            List<Response> responses = new ArrayList<>();
            for (int k = 0; k < 2; k++) {
                responses.add(
                        Scene.with(Scene.response(question, k, null, "", 0), FinishReason.OTHER, "connection reset"));
            }
            answered.add(new Answered(question, responses));
        }
        return GradedTask.of(task, model, answered, new MathGrader());
    }

    @Test
    void aTaskThatWasLostHasNoScoreAndTheOthersKeepTheirs() throws IOException {
        TaskScore score = TaskScore.of(lost("lost", "m"));
        assertThat(score.questions()).isZero();
        assertThat(score.passAt1()).isEqualTo(new Interval(Double.NaN, Double.NaN, Double.NaN));
        assertThat(score.consensus()).isNaN();
        assertThat(score.meanTokens()).isNaN();
        assertThat(score.share(Grade.WRONG)).isNaN();
        assertThat(JSON.readValue(JSON.writeValueAsString(score), TaskScore.class))
                .isEqualTo(score);

        GradedTask kept = Scene.graded("kept", "m", 10, 1, 0.7, 1);
        EvaluationReport report = EvaluationReport.of("t", List.of(lost("lost", "m"), kept));
        JsonNode json = JSON.readTree(ReportJson.of(report));
        assertThat(json.at("/tasks/0/models/0/pass_at_1/value").isNull()).isTrue();
        assertThat(json.at("/tasks/0/models/0/questions").asInt()).isZero();
        assertThat(json.at("/tasks/1/models/0/pass_at_1/value").isNumber()).isTrue();
        assertThat(ReportMarkdown.of(report)).contains("| lost | m | 0 | 2 | \u2013 |");
        assertThat(tables(report))
                .contains("the infrastructure failed for every response")
                .doesNotContain("NaN");
        HarnessFiles.write(report, folder, "s");
        JsonNode results = JSON.readTree(folder.resolve("m/results_s.json").toFile());
        assertThat(results.path("results").has("kept")).isTrue();
        assertThat(results.path("results").has("lost")).isFalse();
        assertThat(results.at("/n-samples/lost/effective").asInt()).isZero();
        assertThat(Leaderboard.markdown(List.of(score, TaskScore.of(kept)))).doesNotContain("NaN");
    }

    /** The page without its data and its script, which speaks of NaN. */
    private static String tables(EvaluationReport report) {
        String page = ReportPage.of(report);
        return page.substring(0, page.indexOf("<script type="));
    }

    /** The lost task takes no part in the adjustment of the other's p-value. */
    @Test
    void aLostTaskIsComparedWithNothing() throws IOException {
        GradedTask before = Scene.graded("kept", "before", 30, 1, 0.4, 1);
        GradedTask after = Scene.graded("kept", "after", 30, 1, 0.8, 2);
        EvaluationReport report = EvaluationReport.of(
                "t",
                List.of(Scene.graded("lost", "before", 3, 2, 0.9, 3), before),
                List.of(lost("lost", "after"), after));
        ModelDifference lost = Objects.requireNonNull(report.tasks().getFirst().difference());
        assertThat(lost.paired().questions()).isZero();
        assertThat(lost.p()).isNaN();
        ModelDifference kept = Objects.requireNonNull(report.tasks().getLast().difference());
        assertThat(kept.adjustedP()).isEqualTo(kept.p());
        assertThat(tables(report))
                .contains("No question has a score of both models")
                .doesNotContain("NaN");
        assertThat(ReportMarkdown.of(report)).doesNotContain("NaN");
        assertThat(JSON.readTree(ReportJson.of(report))
                        .at("/tasks/0/difference/p")
                        .isNull())
                .isTrue();
    }

    @Test
    void whereNothingVotesThereIsNoMajority() throws IOException {
        GradedTask voted = Scene.graded("sums", "m", 10, 4, 0.7, 1);
        Task task = voted.task();
        Task code = new Task("code", Grading.CODE, task.questions(), task.decoding(), task.origin());
        GradedTask graded = new GradedTask(code, "m", voted.questions(), voted.asked());
        assertThat(TaskScore.of(voted).consensus()).isBetween(0.1, 1.0);
        assertThat(TaskScore.of(graded).consensus()).isNaN();
        EvaluationReport report = EvaluationReport.of("t", List.of(graded));
        assertThat(ReportPage.of(report)).doesNotContain("majority right (cons@k)");
        assertThat(JSON.readTree(ReportJson.of(report))
                        .at("/tasks/0/models/0/cons")
                        .isNull())
                .isTrue();
    }

    /**
     * The answers that lighteval's {@code MajAtN} (commit 3fd15266) takes, the most frequent one and of several the first: computed by its expression {@code
     * max(answers, key=answers.count)} in Python. It lets an empty answer win; here a response without an answer has no vote.
     */
    @ParameterizedTest
    @CsvSource({"3;7;7;3;7, 7", "5;3;3;5, 5", "1;2;3, 1", "9, 9", "4;0.5;1/2;4;\\frac12, 0.5"})
    void theMajorityIsLightevals(String answers, String theirs) {
        String[] given = answers.split(";");
        Question question = Question.of(Scene.prompt("How many?", theirs));
        List<Response> responses = new ArrayList<>();
        for (int k = 0; k < given.length; k++) {
            responses.add(Scene.response(question, k, null, "It is \\boxed{" + given[k] + "}.", 5));
        }
        responses.add(Scene.response(question, given.length, null, "", 5));
        responses.add(Scene.response(question, given.length + 1, null, "", 5));
        Decoding decoding = new Decoding(responses.size(), 1, 1, 0, 9, 0);
        Task task = new Task("t", Grading.MATH, List.of(question), decoding, Origin.of("t"));
        GradedTask graded = GradedTask.of(task, "m", List.of(new Answered(question, responses)), new MathGrader());
        assertThat(Objects.requireNonNull(graded.questions().getFirst().consensus())
                        .answer())
                .isEqualTo(theirs);
        assertThat(TaskScore.of(graded).consensus()).isEqualTo(1);
    }

    @Test
    void whatTheRulesCannotTellIsApartAndCountsAgainst() {
        Question question = Question.of(Scene.prompt("How much is it?", "5"));
        List<Response> responses = List.of(
                Scene.response(question, 0, null, "\\boxed{5}", 5),
                Scene.response(question, 1, null, "\\boxed{\\foo{x}{}}", 5));
        Decoding twice = new Decoding(2, 0.6, 0.95, 0, 9, 0);
        Task task = new Task("t", Grading.MATH, List.of(question), twice, Origin.of("t"));
        GradedTask graded = GradedTask.of(task, "m", List.of(new Answered(question, responses)), new MathGrader());
        TaskScore score = TaskScore.of(graded);
        assertThat(score.count(Grade.UNDECIDED)).isEqualTo(1);
        assertThat(score.count(Grade.WRONG)).isZero();
        assertThat(score.passAt1().value()).isCloseTo(0.5, within(1e-12));
        assertThat(ReportPage.of(EvaluationReport.of("t", List.of(graded))))
                .contains(
                        "m: of 1 response the rules cannot tell whether the answer is the reference; they count against"
                                + " it. Were all right, pass@1 would be 100.0\u00a0%.");
    }

    /** No model is to blame for a reference that nobody can read. */
    @Test
    void aReferenceWithoutAnAnswerCountsNeitherWay() {
        Question question = Question.of(Scene.prompt("Prove it.", "See the appendix.\nThe proof is there in full."));
        Grader.Graded graded = new MathGrader().grade(question, Scene.response(question, 0, null, "\\boxed{5}", 5));
        assertThat(graded.grade()).isEqualTo(Grade.INFRA_ERROR);
        assertThat(graded.reason()).isEqualTo("the reference has no answer that can be read");
    }

    @Test
    void thePageSaysHowEachModelWasSampled() throws IOException {
        GradedTask ours = Scene.graded("sums", "ours", 5, 2, 0.7, 1);
        Decoding decoding = new Decoding(2, 0.6, 0.95, 20, 32_768, 7);
        GradedTask asked = ours.under(new Conditions("qwen3", "Be brief.", decoding));
        GradedTask elsewhere = Scene.graded("sums", "theirs", 5, 2, 0.5, 2).under(Conditions.UNKNOWN);
        EvaluationReport report = EvaluationReport.of("t", List.of(elsewhere), List.of(asked));
        String page = ReportPage.of(report);
        assertThat(page)
                .contains("theirs: 2 responses each, made elsewhere: how they were sampled is not known here.")
                .contains(
                        "ours: 2 responses each, at temperature 0.6, top-p 0.95, top-k 20, at most 32,768 tokens, seed 7;"
                                + " protocol qwen3; system prompt &quot;Be brief.&quot;.");
        JsonNode models = JSON.readTree(ReportJson.of(report)).at("/tasks/0/models");
        assertThat(models.at("/0/decoding").isNull()).isTrue();
        assertThat(models.at("/0/protocol").isNull()).isTrue();
        assertThat(models.at("/1/decoding/top_k").asInt()).isEqualTo(20);
        assertThat(models.at("/1/protocol").asText()).isEqualTo("qwen3");
        assertThat(models.at("/1/system").asText()).isEqualTo("Be brief.");
        HarnessFiles.write(report, folder, "s");
        assertThat(JSON.readTree(folder.resolve("theirs/results_s.json").toFile())
                        .at("/configs/sums/generation_kwargs"))
                .isEmpty();
    }

    /** Tests of a program take megabytes, and no reader of a report runs them. */
    @Test
    void longReferencesAreCutInReports() throws IOException {
        Question question = Question.of(Scene.prompt("Add.", "{\"tests\": \"" + "x".repeat(50_000) + "\"}"));
        Task task = new Task("t", Grading.EXACT, List.of(question), Decoding.greedy(9), Origin.of("t"));
        GradedTask graded = GradedTask.of(
                task,
                "m",
                List.of(new Answered(question, List.of(Scene.response(question, 0, null, "x", 5)))),
                new ExactGrader());
        EvaluationReport report = EvaluationReport.of("t", List.of(graded));
        assertThat(ReportJson.of(report)).hasSizeLessThan(20_000).contains("xxx ... (46,013 characters more)");
        assertThat(ReportPage.of(report)).doesNotContain("x".repeat(5_000));
        HarnessFiles.write(report, folder, "s");
        assertThat(Files.size(folder.resolve("m/samples_t_s.jsonl"))).isLessThan(20_000);
    }

    @Test
    void secondsOfSomeResponsesAreNoMeanOfAll() {
        GradedTask all = Scene.graded("sums", "m", 4, 1, 1, 1);
        assertThat(Objects.requireNonNull(TaskScore.of(all).detail()).spending().secondsPerSolved())
                .isPositive();
        assertThat(ReportMarkdown.of(EvaluationReport.of("t", List.of(all))))
                .contains("| tokens per solved | seconds per solved | cost per solved |");
        Question question = Question.of(Scene.prompt("How many?", "5"));
        Response timed = Scene.response(question, 0, null, "\\boxed{5}", 50);
        Response untimed =
                new Response(timed.promptId(), 1, null, timed.answer(), timed.finish(), timed.usage(), 0, null, null);
        Task task = new Task("t", Grading.MATH, List.of(question), new Decoding(2, 1, 1, 0, 9, 0), Origin.of("t"));
        GradedTask some =
                GradedTask.of(task, "m", List.of(new Answered(question, List.of(timed, untimed))), new MathGrader());
        assertThat(Objects.requireNonNull(TaskScore.of(some).detail())
                        .spending()
                        .secondsPerResponse())
                .isNaN();
    }

    /** Answers of a file that says no tokens have none, not 0. */
    @Test
    void tokensThatNobodyCountedAreADash() {
        Question question = Question.of(Scene.prompt("How many?", "5"));
        Task task = Task.ofMath("t", List.of(question.prompt()), Decoding.greedy(9));
        GradedTask graded = GradedTask.of(
                task,
                "m",
                List.of(new Answered(question, List.of(Scene.response(question, 0, null, "\\boxed{5}", 0)))),
                new MathGrader());
        assertThat(ReportMarkdown.of(EvaluationReport.of("t", List.of(graded))))
                .contains("| 0 | \u2013 | \u2013 | \u2013 |");
    }

    @Test
    void harnessFilesOfEarlierModelsGoAndNoTwoModelsShareAFolder() throws IOException {
        HarnessFiles.write(EvaluationReport.of("t", List.of(Scene.graded("sums", "old", 4, 1, 0.7, 1))), folder, "s");
        Files.writeString(folder.resolve("notes.txt"), "mine");
        List<Path> written = HarnessFiles.write(
                EvaluationReport.of(
                        "t",
                        List.of(Scene.graded("sums", "a/b", 4, 1, 0.7, 1)),
                        List.of(Scene.graded("sums", "a:b", 4, 1, 0.7, 2))),
                folder,
                "s");
        assertThat(written).hasSize(4).allSatisfy(file -> assertThat(file).isRegularFile());
        assertThat(written.stream().map(Path::getParent).distinct()).hasSize(2);
        assertThat(folder.resolve("a__b")).isDirectory();
        assertThat(folder.resolve("old")).doesNotExist();
        assertThat(folder.resolve("notes.txt")).exists();
    }
}
