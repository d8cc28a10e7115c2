package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.Verifier;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts of a step of its own, with a verifier that only looks at the answer's first letter. */
class VerifyStageTest {
    private static final String TESTS = "{\"tests\": [{\"input\": \"1\", \"output\": \"1\"}]}";

    @TempDir
    Path folder;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private RunFolder run;

    private final Verifier verifier = new Verifier() {
        @Override
        public String name() {
            return "code";
        }

        @Override
        public Verdict verify(Trace trace) {
            asked.add(trace.id());
            return switch (trace.answer().charAt(0)) {
                case 'r' -> Verdict.pass("code", "passed: 1 test");
                case 'w' -> Verdict.fail("code", "wrong-answer: test 1 of 1: word 1 is \"2\", not \"1\"");
                default -> Verdict.undecided("code", "no-code");
            };
        }
    };

    @BeforeEach
    void harvest() throws IOException {
        run = new RunFolder(folder);
        harvest(40);
    }

    /** Every fourth of each kind: right, wrong, without code, and a question of mathematics. */
    private void harvest(int count) throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String answer = List.of("right", "wrong", "nothing", "\\boxed{7}").get(i % 4) + " no. " + i;
            traces.add(CuratedFolder.trace(
                    i,
                    "What is asked for under number " + i + "?",
                    "It was thought about number " + i + " for a long while, as one should.",
                    answer,
                    i % 4 == 3 ? "7" : TESTS));
        }
        CuratedFolder.write(run.harvest(), traces);
    }

    private Recipe recipe(String sandbox) throws IOException {
        return Recipe.read(null, Map.of("name", "n", "verify.sandbox", sandbox));
    }

    private VerifyStage.Report verify(Stop stop) throws IOException {
        return VerifyStage.run(VerifyStage.plan(recipe("bubblewrap"), run), run, verifier, _ -> {}, stop);
    }

    @Test
    void everyProgramIsVerifiedOnceAndCounted() throws IOException {
        VerifyStage.Report report = verify(new Stop());

        assertThat(report.read()).isEqualTo(40);
        assertThat(report.verified()).isEqualTo(30);
        assertThat(report.passed()).isEqualTo(10);
        assertThat(report.reasons()).isEqualTo(Map.of("passed", 10L, "wrong-answer", 10L, "no-code", 10L));
        assertThat(asked).hasSize(30).doesNotContain("t3");
        Manifest manifest = Manifest.read(run.verify());
        assertThat(manifest.inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.sha256())
                        .isEqualTo(RunFolder.asInput(run.harvest()).sha256()));
        assertThat(manifest.schema()).isEqualTo("verdicts/1");
        assertThat(VerifyStage.run(recipe("bubblewrap"), run, _ -> {}, new Stop()))
                .isEqualTo(report); // and no sandbox is made
    }

    @Test
    void oneThatWasStoppedGoesOnWhereItWas() throws IOException {
        Stop stop = new Stop();
        assertThatThrownBy(() -> VerifyStage.run(
                        VerifyStage.plan(recipe("bubblewrap"), run),
                        run,
                        verifier,
                        count -> {
                            if (count == 3) {
                                stop.request();
                            }
                        },
                        stop))
                .hasMessageContaining("the same command goes on after them");

        VerifyStage.Report report = verify(new Stop());
        assertThat(report.verified()).isEqualTo(30);
        for (String kept : List.of("t0", "t1", "t2")) {
            assertThat(asked.stream().filter(kept::equals)).hasSize(1);
        }
    }

    @Test
    void aHarvestThatHasGrownHasOnlyItsNewOnesVerified() throws IOException {
        verify(new Stop());
        asked.clear();
        harvest(48);

        VerifyStage.Report report = verify(new Stop());
        assertThat(report.read()).isEqualTo(48);
        assertThat(report.verified()).isEqualTo(36);
        assertThat(asked).containsExactlyInAnyOrder("t40", "t41", "t42", "t44", "t45", "t46");
    }

    @Test
    void otherLimitsBeginAnew() throws IOException {
        verify(new Stop());
        asked.clear();
        Recipe other = Recipe.read(null, Map.of("name", "n", "verify.sandbox", "bubblewrap", "verify.time-s", "3"));
        VerifyStage.run(VerifyStage.plan(other, run), run, verifier, _ -> {}, new Stop());

        assertThat(asked).hasSize(30);
        assertThat(folder.resolve("verify.1")).isDirectory();
    }

    @Test
    void theCurationTakesTheVerdictsThatAreStored() throws IOException {
        verify(new Stop());
        CurationReport report = CurateStage.run(recipe("bubblewrap"), run, _ -> {}, new Stop());

        assertThat(report.dropped())
                .containsEntry("code", 20L)
                .containsEntry("math", 0L); // no code is undecided, with a reference
        List<String> kept = new ArrayList<>();
        try (TraceReader traces = TraceReader.open(run.curate())) {
            traces.forEachRemaining(trace -> kept.add(trace.id()));
        }
        assertThat(kept).contains("t0", "t3", "t4", "t7").doesNotContain("t1", "t2");
        assertThat(Manifest.read(run.curate()).inputs()).hasSize(2);
        assertThat(Files.readString(run.curate().resolve(CurateStage.DECISIONS)))
                .contains("undecided: no-code");
    }

    @Test
    void aCurationThatWantsVerdictsAndHasNoneSaysSo() throws IOException {
        assertThatThrownBy(() -> CurateStage.run(recipe("bubblewrap"), run, _ -> {}, new Stop()))
                .hasMessageContainingAll("verify.sandbox is on", "run verify first");
        verify(new Stop());
        harvest(44);
        assertThatThrownBy(() -> CurateStage.run(recipe("bubblewrap"), run, _ -> {}, new Stop()))
                .hasMessageContaining("verdicts of this harvest");
    }

    @Test
    void withoutASandboxNothingIsRun() {
        assertThatThrownBy(() -> Preflight.check(recipe("none"), Pipeline.Stage.VERIFY, Pipeline.Stage.VERIFY))
                .hasMessageContaining("verify.sandbox: is none");
    }
}
