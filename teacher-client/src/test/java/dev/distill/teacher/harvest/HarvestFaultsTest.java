package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.journal.JournalException;
import dev.distill.data.journal.SimulatedDisk;
import dev.distill.data.journal.Storage;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.pace.Backoff;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The disk fails, or the power goes, at every operation of a whole harvest, and again while it is gone on with. */
class HarvestFaultsTest extends HarvestScene {
    /** Two traces fill a shard. */
    private static final ShardSize SIZE = new ShardSize(2_000, 1_000);

    private static final Limits HASTY = QUICK.withPersistence(new Limits.Persistence(
            6,
            new Backoff(Duration.ofNanos(1), Duration.ofNanos(1), 1, 1, Duration.ofMinutes(2)),
            40,
            Duration.ZERO,
            1));

    private Path all;

    @BeforeEach
    void remember() {
        all = folder;
    }

    @Test
    void anyOneOperationMayFail() throws IOException {
        new Campaign(6, 1).strike(n -> new Blow(n, false), 1);
    }

    @Test
    void thePowerMayGoAtAnyOperation() throws IOException {
        new Campaign(6, 1).strike(n -> new Blow(n, true), 1);
    }

    @Test
    @Tag("slow")
    void anyOneOperationMayFailWithManyInFlight() throws IOException {
        new Campaign(24, 8).strike(n -> new Blow(n, false), 5);
    }

    @Test
    @Tag("slow")
    void thePowerMayGoAtAnyOperationWithManyInFlight() throws IOException {
        new Campaign(24, 8).strike(n -> new Blow(n, true), 20);
    }

    /** What happens at the n-th operation: it fails, or it and all after it, and what was not synced is lost or torn. */
    private record Blow(long n, boolean powerGoes) {}

    /** Harvests of so many prompts, each struck once, struck again as it goes on, and then brought to its end. */
    private final class Campaign {
        private final int prompts;
        private final int inFlight;

        Campaign(int prompts, int inFlight) {
            this.prompts = prompts;
            this.inFlight = inFlight;
        }

        void strike(LongFunction<Blow> blows, int repeats) throws IOException {
            long n = 0;
            for (boolean struck = true; struck; n++) {
                for (int repeat = 0; repeat < repeats; repeat++) {
                    long seed = 1_000 * n + repeat;
                    Blow blow = blows.apply(n);
                    String what = blow + ", seed " + seed;
                    folder = Files.createDirectories(all.resolve(n + "-" + repeat));
                    FaultyTeacher teacher = new FaultyTeacher();
                    struck = struck(blow, teacher, seed);
                    struck(new Blow(new Random(seed).nextInt(12), blow.powerGoes), teacher, seed + 1);
                    finish(teacher, what);
                }
            }
            // the ledger, requests and replies, which may share a sync, three shards of five operations, card and
            // manifest
            assertThat(n).isGreaterThan(20 + 3L * prompts);
        }

        private HarvestConfig config() {
            HarvestConfig plain = HarvestFaultsTest.this.config(
                    URI.create("http://localhost"), 1, null, HASTY.withInFlight(inFlight));
            HarvestOutput output = plain.output();
            return new HarvestConfig(
                    plain.endpoint(),
                    plain.sampling(),
                    plain.asking(),
                    plain.limits(),
                    plain.spending(),
                    new HarvestOutput(output.folder(), output.stage(), output.card(), SIZE));
        }

        private HarvestResult harvest(FaultyTeacher teacher, Storage disk) throws IOException {
            return new Harvester(config(), () -> teacher, disk).run(prompts(prompts), teacher);
        }

        /** Whether it came to the operation that was to fail. What the caller is told to be kept, is not asked for again. */
        private boolean struck(Blow blow, FaultyTeacher teacher, long seed) throws IOException {
            SimulatedDisk disk = new SimulatedDisk(folder, new Random(seed));
            disk = blow.powerGoes ? disk.stopAt(blow.n) : disk.failAt(blow.n);
            Map<String, Integer> before = kept(teacher);
            try {
                harvest(teacher, disk);
            } catch (IOException | JournalException e) {
                assertThat(e).hasMessageContaining("simulated");
            }
            assertThat(teacher.asked()).containsAllEntriesOf(before);
            if (blow.powerGoes) {
                disk.cutPower();
            }
            return disk.struck();
        }

        private static Map<String, Integer> kept(FaultyTeacher teacher) {
            Map<String, Integer> kept = new HashMap<>(teacher.asked());
            kept.keySet().retainAll(teacher.told());
            return kept;
        }

        private void finish(FaultyTeacher teacher, String what) throws IOException {
            Map<String, Integer> before = kept(teacher);
            HarvestResult result = harvest(teacher, sound());
            assertThat(result.ending()).as(what).isEqualTo(new Ending.Done());
            assertThat(teacher.asked()).as(what).containsAllEntriesOf(before);
            // read by the manifest: every shard it names, whole, and no other
            assertThat(traces().stream().map(Trace::answer).map(String::strip))
                    .as(what)
                    .containsExactlyElementsOf(answers());
            assertThat(teacher.charged())
                    .as(what + ": what a budget counts is what was charged, or more")
                    .isLessThanOrEqualTo(
                            result.spent().plus(result.unanswered().atMost()).amount());
            Map<String, Integer> asked = teacher.asked();
            assertThat(harvest(teacher, sound()).shards()).as(what).isEqualTo(result.shards());
            assertThat(teacher.asked()).as(what).isEqualTo(asked);
        }

        /** Nothing is really synced: a hundred harvests take seconds. */
        private Storage sound() throws IOException {
            return new SimulatedDisk(folder, new Random(1));
        }

        private List<String> answers() {
            return IntStream.range(0, prompts)
                    .filter(number -> number != 2)
                    .mapToObj(number -> "answer " + number)
                    .toList();
        }
    }
}
