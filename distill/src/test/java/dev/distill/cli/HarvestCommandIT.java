package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.ChildJvm;
import dev.distill.data.shard.Manifest;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.FaultRates;
import dev.distill.teacher.embedded.TeacherConfig;
import dev.distill.teacher.embedded.TeacherLog;
import dev.distill.teacher.embedded.TransportFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code distill harvest} as a user sees it: failed units that are tried again, and a terminal. */
@Timeout(900)
class HarvestCommandIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    /** Several lines are taken away from a terminal. */
    private static final Pattern CLEARED = Pattern.compile("\r(\u001b\\[A)+\u001b\\[J");

    @TempDir
    Path folder;

    private Path run;
    private TeacherConfig config;

    @BeforeEach
    void begin() {
        run = folder.resolve("run");
        config = TeacherConfig.of(7, folder.resolve("teacher.jsonl")).withRates(FaultRates.none());
    }

    private Said harvest(Path recipe, String... more) {
        Object[] words = Stream.concat(Stream.of("harvest", recipe, "--dir", run), Stream.of(more))
                .toArray();
        return Said.by(words);
    }

    private JsonNode ledger() throws IOException {
        return Said.by("inspect", run.resolve("harvest"), "--rows", "1000", "--json")
                .json()
                .path("ledger");
    }

    /** Eight replies in ten are cut: a third of the units are given up after five requests. */
    @Test
    void theFailedOnesAloneAreAskedAgain() throws IOException {
        int failed;
        int port;
        Path recipe;
        String[] settings = {"--set", "harvest.samples=1", "--set", "harvest.in-flight=24", "--json"};
        try (EmbeddedTeacher bad =
                EmbeddedTeacher.start(config.withRates(FaultRates.none().with(TransportFault.CUT, 0.8)))) {
            port = bad.uri().getPort();
            recipe = TinyRecipe.write(folder, bad);
            assertThat(harvest(recipe, "--retry-failed").err()).contains("so nothing has failed; leave the option out");
            assertThat(harvest(recipe, "--retry-failed", "--dry-run").code()).isEqualTo(ExitCode.WRONG_INPUT);
            Said said = harvest(recipe, settings);
            assertThat(said.code()).as(said.err()).isZero();
            failed = said.json().path("failed").asInt();
        }
        assertThat(failed).isBetween(1, TinyRecipe.PROMPTS - 1);
        JsonNode before = ledger();
        assertThat(before.path("failed_units")).hasSize(failed);
        assertThat(before.at("/failed_units/0/detail").asText()).isNotEmpty();
        assertThat(before.at("/failed_units/0/question").asText()).isNotEmpty();
        assertThat(before.at("/failed_units/0/asked_again").asBoolean()).isTrue();
        assertThat(run.resolve("harvest/failed.jsonl")).exists();

        Path second = folder.resolve("second.jsonl");
        try (EmbeddedTeacher good = EmbeddedTeacher.start(
                TeacherConfig.of(7, second).withRates(FaultRates.none()).withPort(port))) {
            Said said = harvest(
                    recipe,
                    Stream.concat(Stream.of("--retry-failed"), Arrays.stream(settings))
                            .toArray(String[]::new));
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.json().path("completed").asInt()).isEqualTo(TinyRecipe.PROMPTS);
            assertThat(said.json().path("failed").asInt()).isZero();
            assertThat(TeacherLog.read(good.log().file())).hasSize(failed);
        }
        assertThat(ledger().path("failed_units")).isEmpty();
        assertThat(run.resolve("harvest/failed.jsonl")).doesNotExist();
        assertThat(Manifest.read(run.resolve("harvest")).counts())
                .containsEntry("completed", (long) TinyRecipe.PROMPTS)
                .noneSatisfy((name, count) -> assertThat(name).startsWith("failed_"));
    }

    /** What script(1), which gives a program a terminal, has seen. */
    private String onTerminal(String before, String environment, Path recipe) throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "skipped, for want of " + SCRIPT + " (util-linux)");
        String java = ChildJvm.command(Stream.of(
                        "harvest",
                        recipe.toString(),
                        "--dir",
                        run.toString(),
                        "--set",
                        "harvest.samples=1",
                        "--set",
                        "harvest.budget=1.00 USD"))
                .stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Path shell = Files.writeString(folder.resolve("run.sh"), before + "\n" + environment + " exec " + java + "\n");
        ProcessBuilder script = new ProcessBuilder(SCRIPT.toString(), "-qec", "sh " + shell, "/dev/null")
                .redirectInput(Path.of("/dev/null").toFile());
        return Said.byProcess(script, folder, "terminal").out();
    }

    @Test
    void aTerminalShowsAFewLinesInTheirPlaceAndThenTheResultAlone() throws Exception {
        try (EmbeddedTeacher slow = EmbeddedTeacher.start(config.withChunkDelay(Duration.ofMillis(60)))) {
            Path recipe = TinyRecipe.write(folder, slow);
            String seen = onTerminal("stty cols 80 rows 24", "", recipe);
            List<String> shown = lastFrameWith("left", seen);
            assertThat(shown).hasSize(6);
            assertThat(shown.get(1)).matches("harvest  \\d+/24  \\d+ %  .*left");
            assertThat(shown.get(2)).matches("  \\d+ completed  0 failed  0 retries");
            assertThat(shown.get(3)).matches("  \\d of 8 in flight  [\\d,]+ tokens/s");
            assertThat(shown.get(4)).matches("  0\\.\\d+ of 1\\.00 USD spent  0\\.\\d+ USD in the end");
            assertThat(shown.get(5)).matches("  0\\.0\\d+ USD a trace.*");
            assertThat(shown).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));

            List<String> after = new Screen().write(seen).lines();
            assertThat(after.get(after.indexOf("== harvest") + 1)).isEqualTo("units: 24");
        }
    }

    /** The screen just before it is cleared for the last time with this word on it, from the stage's title on. */
    private static List<String> lastFrameWith(String word, String seen) {
        Matcher clear = CLEARED.matcher(seen);
        List<String> frame = List.of();
        while (clear.find()) {
            List<String> now =
                    new Screen().write(seen.substring(0, clear.start())).lines();
            List<String> shown = now.subList(now.indexOf("== harvest"), now.size());
            frame = shown.stream().anyMatch(line -> line.contains(word)) ? shown : frame;
        }
        assertThat(frame).as(seen).isNotEmpty();
        return frame;
    }

    @Test
    void aWindowThatIsMadeNarrowerGetsShorterLines() throws Exception {
        try (EmbeddedTeacher slow = EmbeddedTeacher.start(config.withChunkDelay(Duration.ofMillis(500)))) {
            Path recipe = TinyRecipe.write(folder, slow);
            Path history = run.resolve("harvest/history.jsonl");
            String narrower = "(until [ $(cat " + history
                    + " 2>/dev/null | wc -l) -ge 1 ]; do sleep 0.2; done; sleep 1; stty cols 40 </dev/tty) &";
            String seen = onTerminal("stty cols 80; " + narrower, "NO_COLOR=1", recipe);
            List<String> frames = List.of(CLEARED.split(seen));
            assertThat(frames).anyMatch(frame -> frame.lines().anyMatch(line -> line.length() > 40));
            assertThat(frames.get(frames.size() - 2).lines())
                    .hasSizeGreaterThan(4)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(40));
            assertThat(seen).doesNotContain("\u001b[33m");
        }
    }
}
