package dev.distill.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.FinishReason;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherFormatsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIFF = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b";

    @TempDir
    Path folder;

    /** The fields that lm-evaluation-harness 0.4 writes; the standard error by hand: scores 1, 0, 1, 1 have sqrt(0.25 / 4) = 0.25. */
    @Test
    void theHarnesssFilesHaveItsFields() throws IOException {
        GradedTask graded = Scene.graded("gsm8k", "org/model: 1", 40, 1, 0.6, 3);
        EvaluationReport report = EvaluationReport.of("t", List.of(graded));
        List<Path> written = HarnessFiles.write(report, folder, "2026-12-01T10-00-00");
        assertThat(written)
                .containsExactly(
                        folder.resolve("org__model__ 1/samples_gsm8k_2026-12-01T10-00-00.jsonl"),
                        folder.resolve("org__model__ 1/results_2026-12-01T10-00-00.json"));
        JsonNode results = JSON.readTree(written.getLast().toFile());
        JsonNode task = results.path("results").path("gsm8k");
        TaskScore score = TaskScore.of(graded);
        assertThat(task.path("exact_match,none").asDouble())
                .isCloseTo(score.passAt1().value(), within(1e-8));
        double p = score.passAt1().value();
        int n = score.questions();
        assertThat(task.path("exact_match_stderr,none").asDouble())
                .isCloseTo(Math.sqrt(p * (1 - p) / (n - 1)), within(1e-8));
        assertThat(results.at("/n-samples/gsm8k").toString()).isEqualTo("{\"original\":40,\"effective\":" + n + "}");
        assertThat(results.at("/configs/gsm8k/dataset_path").asText()).isEqualTo("example/gsm8k");
        assertThat(results.at("/versions/gsm8k").asText()).isEqualTo("2026-11-01");
        assertThat(results.at("/higher_is_better/gsm8k/exact_match").asBoolean())
                .isTrue();
        assertThat(results.at("/model_name").asText()).isEqualTo("org/model: 1");

        List<String> lines =
                Files.readAllLines(folder.resolve("org__model__ 1/samples_gsm8k_2026-12-01T10-00-00.jsonl"));
        assertThat(lines).hasSize(n);
        JsonNode first = JSON.readTree(lines.getFirst());
        assertThat(first.path("doc_id").asInt()).isZero();
        assertThat(first.path("target").asText()).isEqualTo("4");
        assertThat(first.at("/arguments/gen_args_0/arg_0").asText()).startsWith("A baker sells 3 loaves");
        assertThat(first.at("/resps/0/0").isTextual()).isTrue();
        assertThat(first.path("filtered_resps").size()).isEqualTo(1);
        assertThat(first.path("exact_match").isNumber()).isTrue();
        assertThat(first.path("doc_hash").asText()).matches("[0-9a-f]{64}");
        double sum = 0;
        for (String line : lines) {
            sum += JSON.readTree(line).path("exact_match").asDouble();
        }
        assertThat(sum / n).isCloseTo(p, within(1e-8));
    }

    @Test
    void theHarnesssFilesAreTheSameBytesAndStayInTheirFolder() throws IOException {
        EvaluationReport report = EvaluationReport.of("t", List.of(Scene.graded("../up", "..", 6, 2, 0.6, 3)));
        byte[] first = Files.readAllBytes(
                HarnessFiles.write(report, folder.resolve("a"), "s").getFirst());
        Path again = HarnessFiles.write(report, folder.resolve("b"), "s").getFirst();
        assertThat(again).hasBinaryContent(first);
        assertThat(again.normalize()).startsWith(folder.resolve("b"));
        assertThat(folder.resolve("b/_../samples_..__up_s.jsonl")).exists();
        assertThatThrownBy(() -> HarnessFiles.write(report, folder, "../x")).hasMessageContaining("got \"../x\"");
    }

    /** Two folders, the same names and the same bytes; nothing else is left there. */
    @Test
    void aReportIsThreeFiles() throws IOException {
        assertThat(ReportFiles.write(Scene.two(4, 2), folder.resolve("a"))).isEqualTo(folder.resolve("a/report.html"));
        ReportFiles.write(Scene.two(4, 2), folder.resolve("b"));
        for (String name : List.of("report.json", "report.md", "report.html")) {
            assertThat(folder.resolve("a").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
        }
        assertThat(folder.resolve("a")).isDirectoryNotContaining("glob:**.tmp");
        assertThat(folder.resolve("a").toFile().list()).hasSize(3);
    }

    @Test
    void aPatchIsFoundInAFenceATagOrByItself() {
        String fenced = String.join("\n", "First ```diff", "old", "``` no:", "", "```diff", DIFF, "```", "Done.");
        assertThat(SwePredictions.patch(fenced)).isEqualTo(DIFF + "\n");
        String tagged = String.join("\n", "<patch>", DIFF, "</patch>");
        assertThat(SwePredictions.patch(tagged)).isEqualTo(DIFF + "\n");
        String bare = String.join("\n", "Here it is:", DIFF);
        assertThat(SwePredictions.patch(bare)).isEqualTo(DIFF + "\n");
        assertThat(SwePredictions.patch("I would change x.py.")).isEmpty();
        assertThat(SwePredictions.patch(String.join("\n", "```python", "print()", "```")))
                .isEmpty();
    }

    @Test
    void predictionsAreWrittenAsTheHarnessReadsThem() throws IOException {
        Question one =
                new Question(Scene.prompt("Fix it", "tests"), new TreeMap<>(Map.of("instance_id", "django__django-1")));
        Question two = new Question(
                Scene.prompt("Fix that", "tests"), new TreeMap<>(Map.of("instance_id", "django__django-2")));
        Question three = new Question(
                Scene.prompt("Fix more", "tests"), new TreeMap<>(Map.of("instance_id", "django__django-3")));
        List<Answered> answered = List.of(
                new Answered(one, List.of(Scene.response(one, 0, "hm", String.join("\n", "```diff", DIFF, "```"), 9))),
                new Answered(two, List.of(Scene.response(two, 0, null, "No idea.", 9))),
                new Answered(
                        three,
                        List.of(Scene.with(Scene.response(three, 0, null, "", 0), FinishReason.OTHER, "timeout"))));
        Path file = folder.resolve("predictions.jsonl");
        assertThat(SwePredictions.write(file, "student", answered)).isEqualTo(1);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonNode first = JSON.readTree(lines.getFirst());
        assertThat(first.size()).isEqualTo(3);
        assertThat(first.path("instance_id").asText()).isEqualTo("django__django-1");
        assertThat(first.path("model_name_or_path").asText()).isEqualTo("student");
        assertThat(first.path("model_patch").asText()).isEqualTo(DIFF + "\n");
        assertThat(JSON.readTree(lines.get(1)).path("model_patch").asText()).isEmpty();
        assertThatThrownBy(
                        () -> SwePredictions.write(file, "student", List.of(answered.getFirst(), answered.getFirst())))
                .hasMessageContaining("django__django-1 stands there twice");
    }

    @Test
    void theHarnesssReportIsReadAndThePublishedFigureStandsBesideIt() throws IOException {
        Path file = folder.resolve("student.run.json");
        Files.writeString(file, """
                {"total_instances":500,"submitted_instances":4,"completed_instances":3,"resolved_instances":2,
                "unresolved_instances":1,"empty_patch_instances":1,"error_instances":0,
                "completed_ids":["a__a-1","a__a-2","a__a-3"],"incomplete_ids":[],"empty_patch_ids":["a__a-4"],
                "submitted_ids":["a__a-1","a__a-2","a__a-3","a__a-4"],"resolved_ids":["a__a-2","a__a-1"],
                "unresolved_ids":["a__a-3"],"error_ids":[],"schema_version":2}""");
        SweReport report = SweReport.read(file);
        assertThat(report.resolved()).containsExactly("a__a-1", "a__a-2");
        assertThat(report.empty()).containsExactly("a__a-4");
        assertThat(report.share()).isEqualTo(Interval.wilson(2, 500));
        assertThat(report.markdown("student"))
                .contains(
                        "| student | 0.4\u00a0% (0.1 to 1.4) | 2 of 500; 1 unresolved, 1 empty, 0 errors, 496 not submitted")
                .contains("| DeepSeek-R1 | 49.2\u00a0%");
        Files.writeString(file, "{\"resolved\":2}");
        assertThatThrownBy(() -> SweReport.read(file)).hasMessageContaining("need total_instances and resolved_ids");
    }

    @Test
    void aLeaderboardSortsByTheTasksThatAllModelsHave() {
        List<TaskScore> scores = List.of(
                TaskScore.of(Scene.graded("a", "weak", 20, 1, 0.2, 1)),
                TaskScore.of(Scene.graded("a", "strong", 20, 1, 1.5, 2)),
                TaskScore.of(Scene.graded("b", "weak", 20, 1, 1.3, 3)));
        List<String> lines = Leaderboard.markdown(scores).lines().toList();
        assertThat(lines.getFirst()).isEqualTo("| model | a | b | mean of 1 task |");
        assertThat(lines.get(2)).startsWith("| strong | 100.0\u00a0% (83.9 to 100.0) | \u2013 |");
        assertThat(lines.get(3)).startsWith("| weak |");
    }
}
