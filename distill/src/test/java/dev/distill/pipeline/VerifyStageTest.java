package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.answer.Verifier;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.shard.FileEntry;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts of a step of its own, with a verifier that only looks at the answer's first letter. */
class VerifyStageTest {
    private static final String TESTS = "{\"tests\": [{\"input\": \"1\", \"output\": \"1\"}]}";

    @TempDir
    Path folder;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean toolchain = new AtomicBoolean();
    private final CountDownLatch slow = new CountDownLatch(1);
    private RunFolder run;

    private final Verifier verifier = new Verifier() {
        @Override
        public String name() {
            return "code";
        }

        @Override
        public Verdict verify(Trace trace) {
            asked.add(trace.id());
            if (trace.answer().startsWith("slow")) {
                await(slow);
            }
            return switch (trace.answer().charAt(0)) {
                case 'r' -> Verdict.pass("code", "passed: 1 test");
                case 'c' ->
                    toolchain.get()
                            ? Verdict.pass("code", "passed: 1 test")
                            : Verdict.undecided("code", "no-toolchain: no g++");
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
        harvest(count, TESTS, "right", "wrong", "nothing", "\\boxed{7}");
    }

    private void harvest(int count, String reference, String... answers) throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String answer = answers[i % answers.length] + " no. " + i;
            traces.add(CuratedFolder.trace(
                    i,
                    "What is asked for under number " + i + "?",
                    "It was thought about number " + i + " for a long while, as one should.",
                    answer,
                    answer.startsWith("\\boxed") ? "7" : reference));
        }
        CuratedFolder.write(run.harvest(), traces);
    }

    private Recipe recipe(String sandbox) throws IOException {
        return Recipe.read(null, Map.of("name", "n", "verify.sandbox", sandbox));
    }

    private VerifyStage.Report verify(Stop stop) throws IOException {
        return VerifyStage.run(
                VerifyStage.plan(recipe("bubblewrap"), run),
                new Harvested(List.of(run.harvest()), false),
                run,
                verifier,
                _ -> {},
                stop);
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
        assertThat(manifest.schema()).isEqualTo("verdicts/2");
        assertThat(VerifyStage.run(recipe("bubblewrap"), run, _ -> {}, new Stop()))
                .isEqualTo(report); // and no sandbox is made
    }

    @Test
    void oneThatWasStoppedGoesOnWhereItWas() throws IOException {
        Stop stop = new Stop();
        assertThatThrownBy(() -> VerifyStage.run(
                        VerifyStage.plan(recipe("bubblewrap"), run),
                        new Harvested(List.of(run.harvest()), false),
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
    void aReferenceThatWasCorrectedIsVerifiedAnew() throws IOException {
        verify(new Stop());
        asked.clear();
        harvest(40, TESTS.replace("1", "2"), "right", "wrong", "other nothing", "\\boxed{7}");

        assertThat(verify(new Stop()).verified()).isEqualTo(30);
        assertThat(asked).hasSize(30);
        asked.clear();
        harvest(40, TESTS.replace("1", "2"), "right", "wrong", "nothing", "\\boxed{7}");
        verify(new Stop());
        assertThat(asked).hasSize(10).contains("t2").doesNotContain("t0", "t1"); // other answers
        asked.clear();
        harvest(40, "7", "right", "wrong", "nothing", "\\boxed{7}");
        assertThat(verify(new Stop()).verified()).isZero();
    }

    /** What cannot be run here is tried again; files that come out the same are left, so that later stages need not run again. */
    @Test
    void aMissingToolchainIsNotForEver() throws IOException {
        harvest(8, TESTS, "right", "compiled");
        verify(new Stop());
        FileEntry before = VerifyStage.asInput(new Harvested(List.of(run.harvest()), false), run);
        asked.clear();
        assertThat(verify(new Stop()).reasons()).isEqualTo(Map.of("passed", 4L, "no-toolchain", 4L));
        assertThat(asked).containsExactlyInAnyOrder("t1", "t3", "t5", "t7");
        assertThat(VerifyStage.asInput(new Harvested(List.of(run.harvest()), false), run))
                .isEqualTo(before);

        asked.clear();
        toolchain.set(true);
        assertThat(verify(new Stop()).reasons()).isEqualTo(Map.of("passed", 8L));
        assertThat(asked).hasSize(4);
        asked.clear();
        verify(new Stop());
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsFoundBehindASlowTraceIsKeptWhenItStops() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one core does one after the other");
        harvest(
                16, TESTS, "slow", "right", "right", "right", "right", "right", "right", "right", "right", "right",
                "right", "right", "right", "right", "right", "right");
        Stop stop = new Stop();
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
            Future<VerifyStage.Report> stopped = one.submit(() -> verify(stop));
            while (asked.size() < 9) { // all of the second group
                Thread.sleep(5);
            }
            stop.request();
            slow.countDown();
            assertThatThrownBy(stopped::get).hasMessageContaining("the same command goes on after them");
        }
        List<String> once = List.copyOf(asked);

        verify(new Stop());
        assertThat(once).contains("t0", "t8").hasSizeBetween(9, 10);
        assertThat(asked).hasSize(16).doesNotHaveDuplicates();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void verdictsOfAnOlderVersionAreMovedAside() throws IOException {
        Manifest plan = VerifyStage.plan(recipe("bubblewrap"), run);
        Map<String, String> settings = new TreeMap<>(plan.settings());
        settings.remove("schema"); // as verdicts/1 had it
        Manifest old = RunFolder.plan("verify", settings, List.of());
        RunFolder.begin(run.verify(), old, Set.of());
        Files.writeString(run.verify().resolve("verdicts-00000.parquet"), "whatever");

        assertThat(verify(new Stop()).verified()).isEqualTo(30);
        assertThat(folder.resolve("verify.1/verdicts-00000.parquet")).exists();
    }

    @Test
    void otherLimitsBeginAnew() throws IOException {
        verify(new Stop());
        asked.clear();
        Recipe other = Recipe.read(null, Map.of("name", "n", "verify.sandbox", "bubblewrap", "verify.time-s", "3"));
        VerifyStage.run(
                VerifyStage.plan(other, run),
                new Harvested(List.of(run.harvest()), false),
                run,
                verifier,
                _ -> {},
                new Stop());

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
