package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line makes of evaluations that are over. */
class ReportCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIFF = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n";

    @TempDir
    Path folder;

    private static String row(String id, String answer) throws IOException {
        return JSON.writeValueAsString(
                        JSON.createObjectNode().put("instance_id", id).put("answer", answer))
                + "\n";
    }

    private void evaluate(String name, String answers) throws IOException {
        Path questions = Files.writeString(folder.resolve("sums.jsonl"), """
                {"id": "a", "question": "What is 1 + 1?", "answer": "2"}
                {"id": "b", "question": "What is 2 + 2?", "answer": "4"}
                """);
        Path given = Files.writeString(folder.resolve(name + ".jsonl"), answers);
        Said said = Said.by(
                "eval",
                "--dir",
                folder.resolve(name),
                "--set",
                "name=" + name,
                "--set",
                "eval.tasks=" + questions,
                "--set",
                "eval.answers=" + given);
        assertThat(said.code()).as(said.err()).isZero();
    }

    @Test
    void runsStandInOneTable() throws IOException {
        evaluate("worse", """
                {"id": "a", "response": "\\\\boxed{2}"}
                {"id": "b", "response": "\\\\boxed{5}"}
                """);
        evaluate("better", """
                {"id": "a", "response": "\\\\boxed{2}"}
                {"id": "b", "response": "\\\\boxed{4}"}
                """);
        Said said = Said.by(
                "report",
                "leaderboard",
                folder.resolve("worse"),
                folder.resolve("better").resolve("eval"));
        assertThat(said.code()).as(said.err()).isZero();
        List<String> lines = said.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("| model | sums | mean of 1 task |");
        assertThat(lines.get(2)).startsWith("| better | 100.0");
        assertThat(lines.get(3)).startsWith("| worse | 50.0");
        JsonNode json = Said.by("report", "leaderboard", folder.resolve("worse"), "--json")
                .json();
        assertThat(json.at("/runs/0/model").asText()).isEqualTo("worse");
        assertThat(json.at("/runs/0/tasks/sums/pass_at_1").asDouble()).isEqualTo(0.5);

        // one model, asked in two runs: neither takes the other's place
        Path again = folder.resolve("worse").resolve("eval");
        assertThat(Said.by("report", "leaderboard", folder.resolve("worse"), again)
                        .out())
                .contains("| worse in " + folder.resolve("worse") + " |", "| worse in " + again + " |");

        Said none = Said.by("report", "leaderboard", folder.resolve("nobody"));
        assertThat(none.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(none.err()).contains("nobody has no evaluation (no ", "give the folder of a run");
    }

    @Test
    void answersBecomePredictionsAndTheHarnesssResultsStandBesideR1() throws IOException {
        Path answers = Files.writeString(
                folder.resolve("answers.jsonl"),
                row("django__django-1", "<think>\nhm\n</think>\nSo:\n```diff\n" + DIFF + "```\n")
                        + row("django__django-2", "I would change x.py."));
        Path predictions = folder.resolve("predictions.jsonl");
        Said said = Said.by("report", "swe-predictions", answers, "--model", "student", "--to", predictions, "--json");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.json().path("instances").asInt()).isEqualTo(2);
        assertThat(said.json().path("patches").asInt()).isEqualTo(1);
        List<String> lines = Files.readAllLines(predictions);
        JsonNode first = JSON.readTree(lines.getFirst());
        assertThat(first.path("instance_id").asText()).isEqualTo("django__django-1");
        assertThat(first.path("model_name_or_path").asText()).isEqualTo("student");
        assertThat(first.path("model_patch").asText()).isEqualTo(DIFF);
        assertThat(JSON.readTree(lines.get(1)).path("model_patch").asText()).isEmpty();

        Path results = Files.writeString(folder.resolve("student.one.json"), """
                {"total_instances":500,"submitted_instances":2,"resolved_instances":1,"resolved_ids":["django__django-1"],
                "unresolved_ids":[],"empty_patch_ids":["django__django-2"],"error_ids":[],"schema_version":2}""");
        Said table = Said.by("report", "swe-results", results);
        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out()).contains("| student | 0.2", "| DeepSeek-R1 | 49.2");
        JsonNode json = Said.by("report", "swe-results", results, "--json").json();
        assertThat(json.path("share").asDouble()).isEqualTo(0.002);
        assertThat(json.at("/published/DeepSeek-R1").asDouble()).isEqualTo(0.492);
    }

    @Test
    void answersToATasksQuestionsAreKnownByIt() throws IOException {
        Files.writeString(folder.resolve("issues.jsonl"), """
                {"instance_id": "a__a-1", "text": "Fix the first of all things.", "patch": "p"}
                {"instance_id": "a__a-2", "text": "Fix the second of all things.", "patch": "q"}
                """);
        Path task = Files.writeString(folder.resolve("swe.yaml"), """
                data: {files: [issues.jsonl]}
                columns: {question: text, reference: patch}
                facets: {instance_id: instance_id}
                grading: exact
                """);
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), """
                {"question": "Fix the second of all things.", "response": "<patch>\\n--- a/x\\n+++ b/x\\n</patch>"}
                """);
        Path to = folder.resolve("predictions.jsonl");
        Said said = Said.by("report", "swe-predictions", answers, "--model", "m", "--to", to, "--task", task);
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(Files.readAllLines(to))
                .containsExactly("{\"instance_id\":\"a__a-2\",\"model_name_or_path\":\"m\","
                        + "\"model_patch\":\"--- a/x\\n+++ b/x\\n\"}");

        Said wrong = Said.by("report", "swe-predictions", folder, "--model", "a/b", "--to", to, "--data", folder);
        assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(wrong.err()).contains("ANSWERS must be a file", "--model must be a name without /", "--data says");
        assertThat(Said.by("report").err()).contains("leaderboard, swe-predictions, swe-results");
    }
}
