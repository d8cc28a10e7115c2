package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurationWarningsTest {
    @TempDir
    Path folder;

    private RunFolder run;

    @BeforeEach
    void aRun() throws IOException {
        run = new RunFolder(Files.createDirectories(folder.resolve("run")));
    }

    @Test
    void programsThatNobodyRunsAndNothingKeptAreSaid() throws IOException {
        Trace program = CuratedFolder.trace(
                1,
                "Write a program that prints the sum of two numbers.",
                "The two numbers are read and added, and the sum is printed; that is all there is to do.",
                "```python\nprint(sum(map(int, input().split())))\n```",
                "{\"tests\": [{\"input\": \"1 2\", \"output\": \"3\"}]}");
        CuratedFolder.write(run.harvest(), List.of(program));
        Recipe recipe = Recipe.read(null, Map.of("name", "sums"));
        CurationReport report = CurateStage.run(recipe, run, _ -> {}, new Stop());
        CurationWarnings warnings = new CurationWarnings(List.of("stated"), false, List.of(Path.of("a"), Path.of("b")));
        warnings.see(program);
        warnings.see(program);
        assertThat(warnings.lines(report))
                .containsExactly(
                        "curate.verdicts: must name verdicts that traces came with; none of 1 traces has one named"
                                + " stated. The cards of their folders list those that there are",
                        "harvest.traces: must name each trace once; the ids of 1 traces stand there before (a, b). Of"
                                + " traces that are the same curate.duplicates keeps one; of those that differ"
                                + " decisions.jsonl tells several under one id. Name one of the folders that hold the same",
                        "curate: the references of 2 traces are tests of programs, which a curation does not run; set"
                                + " verify.sandbox to bubblewrap, for verify and for curate",
                        "curate: none of 1 traces was kept; most often by math (1). decisions.jsonl says why of each");
    }

    @Test
    void nothingIsSaidOfACurationThatKeepsSomething() throws IOException {
        Trace sum = CuratedFolder.trace(
                1,
                "What is 3 plus 4?",
                "Three and four make seven, which is what was asked for here.",
                "\\boxed{7}",
                "7");
        CuratedFolder.write(run.harvest(), List.of(sum));
        CurationReport report = CurateStage.run(Recipe.read(null, Map.of("name", "sums")), run, _ -> {}, new Stop());
        CurationWarnings warnings = new CurationWarnings(List.of(), false, List.of());
        warnings.see(sum);
        assertThat(report.kept()).isEqualTo(1);
        assertThat(warnings.lines(report)).isEmpty();
    }
}
