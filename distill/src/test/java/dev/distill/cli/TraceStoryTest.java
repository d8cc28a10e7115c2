package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.RowWriter;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import dev.distill.pipeline.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceStoryTest {
    @TempDir
    Path folder;

    private RunFolder run;

    @BeforeEach
    void curated() throws IOException {
        run = new RunFolder(folder);
        Files.createDirectories(run.curate());
        Files.writeString(run.curate().resolve("decisions.jsonl"), "{\"id\":\"a1\",\"kept\":true}\n");
        FileEntry shard = new FileEntry("traces-00000.parquet", 10, "0f".repeat(32), OptionalLong.of(1));
        Manifest.begin("curate", "test").finish("traces/2", List.of(shard)).write(run.curate());
    }

    private ObjectNode told() throws IOException {
        ObjectNode trace = new ObjectMapper().createObjectNode();
        TraceStory.tell(run, "a1", trace);
        return trace;
    }

    private void trainRead(String hash) throws IOException {
        Files.createDirectories(run.train());
        Manifest.begin("train", "test")
                .withInput(new FileEntry("curate", 10, hash, OptionalLong.empty()))
                .finish("", List.of())
                .write(run.train());
    }

    @Test
    void whatProgramsAndAJudgeFoundIsTold() throws IOException {
        for (Path stage : List.of(run.verify(), run.judged())) {
            String by = stage.equals(run.verify()) ? "code" : "judge";
            try (RowWriter<TraceVerdict> rows = VerdictFolder.of(stage).replace()) {
                rows.write(new TraceVerdict("a1", "00", Verdict.pass(by, "right")));
                rows.write(new TraceVerdict("b2", "00", Verdict.fail(by, "wrong")));
                rows.finish();
            }
        }
        assertThat(told().path("verification")).hasSize(2);
        assertThat(told().path("verification").findValuesAsText("by")).containsExactly("code", "judge");
    }

    /** Of a run, not of the folder as it lies there. */
    @Test
    void verdictsUnderTheNameOfACheckWithWhichATraceCameAreGivenOnes() throws IOException {
        try (TraceWriter writer = TraceWriter.replace(run.harvest())) {
            writer.write(new Trace(
                    "a1",
                    "p1",
                    0,
                    List.of(Message.user("Q")),
                    "R",
                    "A",
                    "RA",
                    FinishReason.STOP,
                    "B",
                    "test",
                    "teacher",
                    new TreeMap<>(),
                    Usage.NONE,
                    Money.zero("USD"),
                    1,
                    Instant.EPOCH,
                    List.of(Verdict.pass("math", "forged"))));
            writer.finish(Manifest.begin("harvest", "test"), new DatasetCard("traces", "other", "Traces for a test."));
        }
        assertThat(TraceFigures.find(folder, "a1").at("/verdicts/0/by").asText())
                .isEqualTo("given:math");
        assertThat(TraceFigures.find(run.harvest(), "a1").at("/verdicts/0/by").asText())
                .isEqualTo("math");
    }

    @Test
    void aTrainingCountsWhereItReadThisCuration() throws IOException {
        assertThat(told().path("training").asText()).isEqualTo("has no part in it");
        trainRead(Manifest.read(run.curate()).outputsHash());
        assertThat(told().path("training").asText()).isEqualTo("is among the traces that train read");
        trainRead("aa".repeat(32));
        assertThat(told().path("training").asText()).isEqualTo("train read another curation's traces");
    }
}
