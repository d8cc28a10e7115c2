package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a browser is told of an evaluation, and its report, over real HTTP. */
@Timeout(60)
class DashboardEvaluationTest {
    private static final String REPORT = "/report?run=sums%20%26%20more";

    @TempDir
    Path folder;

    private EvaluationFiles sums;
    private Dashboard dashboard;

    @BeforeEach
    void start() throws IOException {
        Path runs = Files.createDirectory(folder.resolve("runs"));
        sums = EvaluationFiles.create(runs.resolve("sums & more"));
        dashboard = Dashboard.start(runs, 0);
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private String get(String path, String host) throws IOException {
        return PlainRequest.get(dashboard.uri(), path, host);
    }

    private String get(String path) throws IOException {
        return get(path, "localhost");
    }

    @Test
    void scoresAreToldWithWhatBecameOfTheAnswers() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            JsonNode told = events.await("evaluation");
            assertThat(told.path("run").asText()).isEqualTo("sums & more");
            JsonNode evaluation = told.path("evaluation");
            assertThat(evaluation.path("state").asText()).isEqualTo("done");
            assertThat(evaluation.has("progress")).isFalse();
            assertThat(evaluation.path("page").asBoolean()).isTrue();
            JsonNode task = evaluation.at("/tasks/0");
            assertThat(task.path("task").asText()).isEqualTo("sums");
            assertThat(task.findValuesAsText("model")).containsExactly("weak", "strong");
            JsonNode strong = task.at("/models/1");
            assertThat(strong.at("/pass_at_1/value").asDouble()).isEqualTo(0.75);
            assertThat(strong.path("grades").toString()).contains("\"right\":6", "\"wrong\":1", "\"no_answer\":1");
            assertThat(task.at("/models/0/grades/truncated").asInt()).isEqualTo(1);
            assertThat(task.at("/difference/second_minus_first/value").asDouble())
                    .isEqualTo(0.5);
            assertThat(evaluation.toString()).doesNotContain("by_question", "q0");
        }
    }

    @Test
    void oneThatRunsIsToldAsItGoesOn() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("evaluation");
            sums.running(2);
            JsonNode now = events.await(
                    "evaluation", told -> told.at("/evaluation/state").asText().equals("running"));
            assertThat(now.at("/evaluation/progress/asked/0/done").asInt()).isEqualTo(2);
            Files.delete(sums.folder().resolve("eval/manifest.json"));
            JsonNode begun = events.await("evaluation");
            assertThat(begun.path("evaluation").has("tasks")).isFalse();
            Files.writeString(sums.folder().resolve("run.lock"), "");
            assertThat(events.await("evaluation").at("/evaluation/state").asText())
                    .isEqualTo("stopped");
            Files.delete(sums.folder().resolve("eval/progress.json"));
            assertThat(events.await("evaluation").path("evaluation").isNull()).isTrue();
        }
    }

    @Test
    void whateverStandsInTheReportThePageIsTold() throws Exception {
        Path report = sums.folder().resolve("eval/report.json");
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("evaluation");
            for (String broken : List.of(
                    "[]",
                    "null",
                    "",
                    "{\"format\": \"other\", \"tasks\": []}",
                    "{\"format\": \"distill-evaluation\"}")) {
                Files.writeString(report, broken);
                events.await("evaluation", news -> news.path("evaluation").isNull());
                Files.writeString(report, """
                        {"format": "distill-evaluation", "tasks": [null, {"task": "t", "models": [null, {"model": "%s", "pass_at_1": null}]}]}
                        """.formatted(
                                "m".repeat(1 + broken.length()))); // of another length: its time may be the same
                JsonNode told = events.await(
                        "evaluation", news -> !news.path("evaluation").isNull());
                assertThat(told.at("/evaluation/tasks/0/models/0/pass_at_1").isNull())
                        .isTrue();
            }
        }
    }

    /** A page with scripts and what a model wrote: it may neither be of the dashboard's origin nor load anything. */
    @Test
    void theReportIsServedIntoASandbox() throws IOException {
        String reply = get(REPORT);
        assertThat(reply).startsWith("HTTP/1.1 200 ").contains("text/html; charset=utf-8", "Distill evaluation");
        assertThat(reply.lines().filter(line -> line.startsWith("Content-security-policy: ")))
                .singleElement()
                .asString()
                .contains("sandbox allow-scripts;", "default-src 'none';")
                .doesNotContain("allow-same-origin");
        assertThat(get(REPORT, "evil.example")).startsWith("HTTP/1.1 421 ");
        for (String run : List.of("", "..", "sums%20%26%20more%2Feval", folder.toString())) {
            assertThat(get("/report?run=" + run))
                    .as(run)
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("report: there is no run of this name here.\n");
        }
        assertThat(get("/report/x")).startsWith("HTTP/1.1 404 ");
        Files.delete(sums.folder().resolve("eval/report.html"));
        assertThat(get(REPORT))
                .startsWith("HTTP/1.1 404 ")
                .endsWith("report: this run has not been evaluated, or is about to be again.\n");
    }
}
