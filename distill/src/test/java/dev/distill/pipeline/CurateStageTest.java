package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a curation leaves for people, and for whoever looks on. */
class CurateStageTest {
    @TempDir
    Path folder;

    private RunFolder run;
    private Path progress;

    /** Twelve traces: every fourth is wrong. */
    @BeforeEach
    void harvest() throws IOException {
        run = new RunFolder(folder);
        progress = run.curate().resolve("progress.json");
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            traces.add(CuratedFolder.trace(
                    i,
                    "What is asked for under number " + i + "?",
                    "It was thought about number " + i + " for a long while, as one should.",
                    "\\boxed{" + (i % 4 == 0 ? 8 : 7) + "} no. " + i,
                    "7"));
        }
        CuratedFolder.write(run.harvest(), traces);
    }

    private static Recipe recipe() throws IOException {
        return Recipe.read(null, Map.of("name", "sums"));
    }

    @Test
    void theCardSaysWhatEachCheckDropped() throws IOException {
        CurationReport report = CurateStage.run(recipe(), run, _ -> {}, new Stop());
        assertThat(report.kept()).isEqualTo(9);
        assertThat(Files.readString(run.curate().resolve("README.md")))
                .contains(
                        "# sums: curated traces",
                        "## Curation\n\n12 traces read, 9 kept (75.0 %).\n",
                        "| check | what | dropped | failed | only it | left |",
                        "| `finished` | cut off | 0 | 0 | 0 | 12 |",
                        "| `math` | wrong answer | 3 | 3 | 3 | 9 |",
                        "| `near_duplicate` | nearly a duplicate | 0 |  |  | 9 |")
                .doesNotContain("| source |", "| held-out set |");
    }

    @Test
    void theCardCountsWhatIsHeldOutByTheKindOfMatch() throws IOException {
        Path held = Files.writeString(
                folder.resolve("exam.jsonl"), "{\"question\": \"What is asked for under number 3?\"}\n");
        Recipe recipe = Recipe.read(null, Map.of("name", "sums", "curate.held-out", held.toString()));
        CurateStage.run(recipe, run, _ -> {}, new Stop());
        assertThat(Files.readString(run.curate().resolve("README.md")))
                .contains(
                        "| held-out set | found in | by question | quoted in the reply | follows the solution | fuzzy |\n"
                                + "|---|---|---|---|---|---|\n| exam | 1 | 1 | 0 | 0 | 0 |\n");
    }

    @Test
    void howFarItIsIsToldUntilItIsDone() throws IOException {
        List<Boolean> seen = new ArrayList<>();
        CurateStage.run(recipe(), run, _ -> seen.add(Files.exists(progress)), new Stop());
        assertThat(seen).hasSize(24).containsOnly(true); // read twice
        assertThat(progress).doesNotExist();
        CurateStage.run(recipe(), run, true, _ -> seen.add(Files.exists(progress)), new Stop());
        assertThat(seen).hasSize(48).containsOnly(true);
        assertThat(progress).doesNotExist();
    }

    @Test
    void oneThatWasStoppedLeavesHowFarItCameAndTheNextTakesItAway() throws IOException {
        Stop stop = new Stop();
        assertThatThrownBy(() -> CurateStage.run(
                        recipe(),
                        run,
                        count -> {
                            if (count == 5) {
                                stop.request();
                            }
                        },
                        stop))
                .hasMessageContaining("curate: stopped");
        assertThat(new ObjectMapper()
                        .readTree(progress.toFile())
                        .path("looked_at")
                        .asInt())
                .isEqualTo(5);
        assertThat(new ObjectMapper().readTree(progress.toFile()).path("traces").asInt())
                .isEqualTo(12);
        CurateStage.run(recipe(), run, _ -> {}, new Stop());
        assertThat(progress).doesNotExist();
    }
}
