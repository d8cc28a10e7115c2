package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Choice;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.Mix;
import dev.distill.data.curate.PassRate;
import dev.distill.data.shard.ShardSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers whose executors are processes of their own, and are killed in the middle of the work. */
@Tag("slow") // most of a minute
class LocalClusterIT {
    private static final int TRACES = 1_200;
    private static final ShardSize SMALL = new ShardSize(60_000, 60_000);
    private static final CurationSettings ALL = CurationSettings.standard(
                    new MathVerifier(), List.of(HeldOutSet.ofQuestions("held", List.of(Planted.HELD_OUT))))
            .choosing(
                    new PassRate(0.1, 0.95),
                    new Choice(2, Choice.Order.SHORTEST),
                    new Mix(Mix.By.DOMAIN, List.of(), new TreeMap<>(Map.of("math", 2.0, "other", 1.0)), 100, 3));

    @TempDir
    Path folder;

    @BeforeAll
    static void makeSpark() throws IOException {
        SparkHome.make();
    }

    /** Kills an executor as soon as the first traces have been looked at, and one as soon as the first decisions are known. */
    private static final class Killer implements CurationEngine.Watch {
        private final List<Long> killed = new ArrayList<>();
        private long lookedAt;
        private long looks;
        private long decided;

        @Override
        public void lookedAt(long count) {
            assertThat(count).isGreaterThan(lookedAt);
            lookedAt = count;
            if (looks++ == 0) {
                kill();
            }
        }

        @Override
        public void decided(long more) {
            if (decided == 0) {
                kill();
            }
            decided += more;
        }

        @Override
        public void check() {}

        private void kill() {
            ProcessHandle executor = executors().findFirst().orElseThrow();
            executor.destroyForcibly();
            executor.onExit().join();
            killed.add(executor.pid());
        }

        /** Those that this process has started. */
        private static Stream<ProcessHandle> executors() {
            return ProcessHandle.current()
                    .descendants()
                    .filter(process ->
                            process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"));
        }
    }

    @Test
    void executorsThatDieInTheMiddleChangeNothing() throws IOException {
        Planted.write(folder.resolve("harvest"), new Planted(12).traces(TRACES), SMALL);
        Both both = new Both(List.of(folder.resolve("harvest")), List.of(), SMALL, folder);
        Both.Left local = both.local(ALL);
        Killer killer = new Killer();
        Both.Left spark = both.spark(ALL, "local-cluster[2,1,2048]", killer);
        assertThat(killer.killed).doesNotHaveDuplicates().hasSize(2);
        assertThat(killer.lookedAt).isEqualTo(TRACES);
        assertThat(killer.decided).isEqualTo(TRACES);
        Both.assertSame(spark, local);
    }
}
