package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a browser is told of a curation and of its traces, over real HTTP. */
@Timeout(60)
class DashboardCurationTest {
    @TempDir
    Path folder;

    private Path runs;
    private CurationFiles sums;
    private Dashboard dashboard;

    @BeforeEach
    void start() throws IOException {
        runs = Files.createDirectory(folder.resolve("runs"));
        sums = CurationFiles.create(runs.resolve("sums & more"));
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

    private JsonNode trace(int number) throws IOException {
        String reply = get("/trace?run=sums%20%26%20more&id=" + CurationFiles.id(number));
        assertThat(reply).startsWith("HTTP/1.1 200 ").contains("application/json");
        return new ObjectMapper().readTree(reply.substring(reply.indexOf("\r\n\r\n")));
    }

    private static JsonNode step(JsonNode curation, String check) {
        for (JsonNode step : curation.path("steps")) {
            if (step.path("check").asText().equals(check)) {
                return step;
            }
        }
        throw new AssertionError("no step " + check + " in " + curation);
    }

    @Test
    void aCurationThatIsDoneIsToldWithItsCounts() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            JsonNode told = events.await("curation");
            assertThat(told.path("run").asText()).isEqualTo("sums & more");
            JsonNode curation = told.path("curation");
            assertThat(curation.path("state").asText()).isEqualTo("done");
            assertThat(curation.path("read").asInt()).isEqualTo(60);
            assertThat(curation.path("kept").asInt()).isEqualTo(36);
            assertThat(curation.at("/spent/USD").asText()).isEqualTo("0.12");
            assertThat(curation.at("/spent_per_kept/USD").asText()).isEqualTo("0.003333333");
            assertThat(step(curation, "math").path("dropped").asInt()).isEqualTo(6);
            assertThat(step(curation, "math").at("/kinds/0/examples")).hasSize(5);
            JsonNode sets = step(curation, "contamination");
            assertThat(sets.path("dropped").asInt()).isEqualTo(6);
            assertThat(sets.at("/kinds").findValuesAsText("name"))
                    .containsExactly("contamination:aime", "contamination:math500");
            assertThat(curation.path("sources").findValuesAsText("read")).containsExactly("40", "20");
            assertThat(curation.has("progress")).isFalse();
        }
    }

    /** Of the process that has the run, and of no other: a file may be left by one that was killed. */
    @Test
    void oneThatRunsIsToldAsItGoesOn() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("curation");
            sums.running(ProcessHandle.current().pid(), 20);
            JsonNode now = events.await(
                    "curation", told -> told.at("/curation/state").asText().equals("running"));
            assertThat(now.at("/curation/progress/looked_at").asInt()).isEqualTo(20);
            assertThat(now.at("/curation/read").asInt()).isEqualTo(60); // it counts anew what is there
            Files.delete(sums.folder().resolve("curate/manifest.json"));
            JsonNode begun = events.await("curation");
            assertThat(begun.at("/curation").has("read")).isFalse();
            Files.writeString(sums.folder().resolve("run.lock"), "");
            JsonNode stopped = events.await("curation");
            assertThat(stopped.at("/curation/state").asText()).isEqualTo("stopped");
            Files.delete(sums.folder().resolve("curate/progress.json"));
            assertThat(events.await("curation").path("curation").isNull()).isTrue();
        }
    }

    /** Reports of other versions, of none, and with more in them than a page can show. */
    @Test
    void whateverStandsInTheReportThePageIsTold() throws Exception {
        Path report = sums.folder().resolve("curate/report.json");
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("curation");
            StringBuilder sources = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                sources.append(i == 0 ? "" : ",").append("\"s%d\":{\"read\":%d,\"kept\":1}".formatted(i, 2 + i));
            }
            Files.writeString(report, """
                    {"read": 9, "kept": 4, "new": 1, "dropped": {"refusal": 0, "refusal:politics_china": 5}, "failed": {},
                     "examples": {"refusal:politics_china": [{"trace": "x", "detail": "%s"}]}, "sources": {%s}}
                    """.formatted("y".repeat(5000), sources));
            JsonNode told = events.await("curation").path("curation");
            JsonNode kind = step(told, "refusal").at("/kinds/0");
            assertThat(kind.path("words").asText()).isEqualTo("refusal: politics china");
            assertThat(kind.at("/examples/0/detail").asText()).hasSize(301).endsWith("y\u2026");
            assertThat(told.path("sources")).hasSize(51);
            // the ten smallest: 2 to 11
            assertThat(told.at("/sources/50").toString()).isEqualTo("{\"others\":10,\"read\":65,\"kept\":10}");
            for (String broken : List.of("[]", "{\"read\": \"x\"}", "null", "{\"read\": 1}", "")) {
                Files.writeString(report, broken);
                JsonNode none =
                        events.await("curation", news -> news.path("curation").isNull());
                assertThat(none.path("run").asText()).as(broken).isEqualTo("sums & more");
                Files.writeString(
                        report, "{\"read\": 1, \"kept\": 1, \"dropped\": {}, \"failed\": {}, \"examples\": {}}");
                events.await("curation", news -> !news.path("curation").isNull());
            }
        }
    }

    @Test
    void aTraceIsFoundWithWhatWasDecided() throws IOException {
        JsonNode wrong = trace(10);
        assertThat(wrong.at("/messages/0/content").asText()).isEqualTo("What is 73 + 115? " + CurationFiles.HOSTILE);
        assertThat(wrong.path("answer").asText()).isEqualTo("It is \\boxed{189}.");
        assertThat(wrong.path("reference").asText()).isEqualTo("188");
        assertThat(wrong.at("/curation/kept").asBoolean()).isFalse();
        assertThat(wrong.at("/curation/reason").asText()).isEqualTo("math");
        assertThat(wrong.at("/curation/detail").asText()).isEqualTo("189, the reference is 188");
        assertThat(wrong.at("/curation/failed").findValuesAsText("reason")).contains("math");
        assertThat(trace(59).at("/curation/kept").asBoolean()).isTrue();
        assertThat(trace(1).path("reasoning").isNull()).isTrue();
    }

    /** Given by {@code harvest.traces}, they lie outside of the run. */
    @Test
    void aDroppedTraceThatWasGivenIsFoundWhereItLies() throws IOException {
        CurationFiles.given(runs.resolve("given"), sums.folder().resolve("harvest"));
        assertThat(runs.resolve("given/harvest")).doesNotExist();
        String query = "/trace?run=given&id=" + CurationFiles.id(10);
        assertThat(get(query))
                .startsWith("HTTP/1.1 200 ")
                .contains("What is 73 + 115?")
                .contains("\"reason\":\"math\"");
        Files.delete(sums.folder().resolve("harvest/manifest.json")); // about to be another harvest
        assertThat(get(query)).startsWith("HTTP/1.1 404 ");
        assertThat(get("/trace?run=given&id=" + CurationFiles.id(59)))
                .as("one that is kept")
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void whatIsNoIdOrNoRunIsRefused() throws IOException {
        String id = CurationFiles.id(10);
        for (String query : List.of(
                "",
                "?",
                "?id=" + id,
                "?run=sums",
                "?run=sums%20%26%20more&id=",
                "?run=sums%20%26%20more&id=abc",
                "?run=sums%20%26%20more&id=" + id.toUpperCase(Locale.ROOT),
                "?run=sums%20%26%20more&id=../../" + id,
                "?run=sums%20%26%20more&id=" + id + "%0a",
                "?run=sums%20%26%20more&id=" + "a".repeat(65),
                "?run=" + "x".repeat(3000) + "&id=" + id)) {
            assertThat(get("/trace" + query))
                    .as(query)
                    .startsWith("HTTP/1.1 400 ")
                    .endsWith("trace: needs run=NAME and id=ID, 8 to 64 hex digits in lower case.\n");
        }
        for (String run : List.of("..", "sums%20%26%20more%2Fcurate", "%2E%2E%2Fruns%2Fsums", folder.toString())) {
            assertThat(get("/trace?run=" + run + "&id=" + id))
                    .as(run)
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("trace: there is no run of this name here.\n");
        }
        assertThat(get("/trace?run=sums%20%26%20more&id=" + "0".repeat(32)))
                .startsWith("HTTP/1.1 404 ")
                .endsWith(
                        "trace: no shard of this run has it; was it harvested anew since, or were the traces that it was given moved?\n");
        assertThat(get("/trace/" + id)).startsWith("HTTP/1.1 404 ");
        assertThat(get("/trace?run=sums%20%26%20more&id=" + id, "evil.example")).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void aShardThatCannotBeReadIsSaid() throws IOException {
        Files.writeString(sums.folder().resolve("harvest/traces-00000.parquet"), "no Parquet");
        assertThat(get("/trace?run=sums%20%26%20more&id=" + CurationFiles.id(10)))
                .startsWith("HTTP/1.1 500 ")
                .contains("traces-00000.parquet", "is no readable Parquet file");
    }
}
