package dev.distill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.ChildJvm;
import dev.distill.data.journal.Journal;
import dev.distill.teacher.embedded.TeacherLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as a process of its own, killed with SIGKILL at ten random moments and started again each time: it comes to the
 * numbers of a run that nobody disturbed, and no reply that was in its ledger is bought again.
 *
 * <p>Small by default. {@code -Ddistill.demo.options=} (empty) takes the demo as users run it; {@code -Ddistill.seed}
 * another choice of moments.
 */
@Tag("slow")
class KillCampaignTest {
    private static final int KILLS = 10;
    private static final int IN_FLIGHT = 64;
    private static final String SMALL = "--prompts 1500 --held-out 40 --set train.steps=600"
            + " --set train.checkpoint-every=50 --set train.validate-every=200";

    @TempDir
    Path folder;

    @Test
    void killedTenTimesItComesToTheSameNumbers() throws Exception {
        long seed = Long.getLong("distill.seed", 20261122);
        System.err.println("kill campaign: distill.seed=" + seed);
        Path calm = folder.resolve("calm");
        long begin = System.nanoTime();
        Process undisturbed = start(calm);
        assertThat(undisturbed.waitFor()).as(errors(calm)).isZero();
        double wall = (System.nanoTime() - begin) / 1e9;

        Path killed = folder.resolve("killed");
        Random random = new Random(seed);
        int kills = 0;
        while (kills < KILLS) {
            // early moments more often than late ones: starting and harvesting take the least time
            double share = random.nextDouble();
            double seconds = wall * (0.03 + 0.35 * share * share);
            Process process = start(killed);
            if (process.waitFor((long) (1000 * seconds), TimeUnit.MILLISECONDS)) {
                assertThat(process.exitValue()).as(errors(killed)).isZero();
                System.err.printf("done after %d kills; the next ones meet a finished run%n", kills);
                process = start(killed);
                process.waitFor((long) (1000 * 0.02 * wall), TimeUnit.MILLISECONDS);
            }
            process.destroyForcibly().waitFor();
            kills++;
            System.err.printf("kill %d after %.1f s, in %s%n", kills, seconds, lastPart(killed));
        }
        Process last = start(killed);
        assertThat(last.waitFor()).as(errors(killed)).isZero();

        assertThat(outcome(killed)).isEqualTo(outcome(calm));
        for (String file : List.of("train", "twin")) {
            Path model = Path.of(file, "model", "model.safetensors");
            assertThat(Files.mismatch(killed.resolve(model), calm.resolve(model)))
                    .as(model.toString())
                    .isEqualTo(-1);
        }
        boughtOnce(killed);
    }

    /** Each unit stands in the ledger as completed once; the teacher served again only what was on its way at a kill. */
    private static void boughtOnce(Path run) throws IOException {
        Map<String, Integer> completed = new HashMap<>();
        Journal.read(run.resolve("harvest/ledger.journal"), record -> {
            String head = new String(record, 0, 33, StandardCharsets.UTF_8);
            if (head.charAt(0) == 'C') {
                completed.merge(head.substring(1), 1, Integer::sum);
            }
        });
        assertThat(completed).isNotEmpty();
        assertThat(completed.values()).allMatch(times -> times == 1);
        Map<String, Integer> served = new HashMap<>();
        for (TeacherLog.Entry entry : TeacherLog.read(run.resolve("teacher.jsonl"))) {
            if (entry.bought()) {
                served.merge(entry.promptId() + " " + entry.sample(), 1, Integer::sum);
            }
        }
        int again = served.values().stream().mapToInt(times -> times - 1).sum();
        System.err.printf("%d completed, %d served again after a kill%n", completed.size(), again);
        assertThat(served).hasSameSizeAs(completed);
        assertThat(again).isLessThanOrEqualTo(KILLS * IN_FLIGHT);
    }

    private static Process start(Path run) throws IOException {
        Files.createDirectories(run);
        String options = System.getProperty("distill.demo.options", SMALL);
        Stream<String> more = options.isBlank() ? Stream.of() : Stream.of(options.split(" "));
        Stream<String> words = Stream.concat(Stream.of("demo", "--json", "--dir", run.toString()), more);
        return new ProcessBuilder(ChildJvm.command(words))
                .redirectOutput(run.resolve("out.json").toFile())
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(run.resolve("err.txt").toFile()))
                .start();
    }

    /** What the demo printed, but for its time and its folder. */
    private static JsonNode outcome(Path run) throws IOException {
        ObjectNode node =
                (ObjectNode) new ObjectMapper().readTree(run.resolve("out.json").toFile());
        return node.without(List.of("wall_s", "export", "report"));
    }

    private static String errors(Path run) throws IOException {
        Path file = run.resolve("err.txt");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static String lastPart(Path run) throws IOException {
        return errors(run)
                .lines()
                .filter(line -> line.startsWith("== "))
                .reduce((first, second) -> second)
                .orElse("the start");
    }
}
