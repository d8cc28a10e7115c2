package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.OwnerLock;
import dev.distill.pipeline.RecipeException;
import dev.distill.pipeline.RunFolder;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Words, exit codes and streams, without a model. */
class CliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine commandLine =
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return Main.execute(commandLine, args);
    }

    @Test
    void everyCommandExplainsItselfWithAnExample() {
        for (String name : Main.commandLine().getSubcommands().keySet()) {
            out.getBuffer().setLength(0);
            assertThat(run(name, "--help")).as(name).isZero();
            assertThat(out.toString()).as(name).contains("Usage: distill " + name, "Example:", "  distill " + name);
        }
    }

    @Test
    void everyCommandOfAGroupExplainsItselfToo() {
        for (String name : List.of("train", "generate", "curate")) {
            out.getBuffer().setLength(0);
            assertThat(run("bench", name, "--help")).as(name).isZero();
            assertThat(out.toString()).contains("Usage: distill bench " + name, "Example:", "  distill bench " + name);
        }
        assertThat(run("bench")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString())
                .contains("bench: say what to measure: train or generate or tokenize or shards or curate or harvest");
    }

    @Test
    void aModelThatIsNoPathAndNoHubIdIsRefusedWithBothLookedFor() {
        assertThat(run("generate", "-m", "no/such/model", "-p", "Hi")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString())
                .contains("--model no/such/model: there is no such file or folder, and it is no hub id"
                        + " (OWNER/NAME, OWNER/NAME@REVISION or OWNER/NAME:FILE.gguf)");
    }

    @Test
    void whatDoesNotExistOrIsUnknownCannotBeInspected(@TempDir Path folder) {
        assertThat(run("inspect", folder.resolve("none").toString())).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("there is no such file");
        assertThat(run("inspect", folder.toString())).isEqualTo(ExitCode.WRONG_INPUT);
    }

    @Test
    void aRecipesStagesNeedARecipe() {
        assertThat(run("train")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("no recipe is given", "docs/recipes", "--set");
    }

    @Test
    void aDemoWithAWrongValueSaysSoBeforeItWritesAnything(@TempDir Path folder) {
        Path run = folder.resolve("demo");
        assertThat(run("demo", "--dir", run.toString(), "--set", "train.stepz=3"))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "distill: demo.yaml: train.stepz: there is no such key; did you mean steps?\n");
        assertThat(run).doesNotExist();
    }

    @Test
    void twoDoNotWorkInOneFolder(@TempDir Path folder) throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.jsonl"), "{\"question\":\"1+1?\"}\n");
        try (OwnerLock _ = new RunFolder(folder).take()) {
            for (String command : List.of("demo", "harvest")) {
                err.getBuffer().setLength(0);
                assertThat(run(
                                command,
                                "--dir",
                                folder.toString(),
                                "--set",
                                "teacher.url=http://127.0.0.1:9",
                                "--set",
                                "teacher.model=m",
                                "--set",
                                "teacher.tariff=free",
                                "--set",
                                "prompts.files=" + prompts))
                        .as(command)
                        .isEqualTo(ExitCode.FAILED);
                assertThat(err.toString())
                        .as(command)
                        .startsWith("distill: " + folder.resolve("run") + ": in use by process")
                        .contains("wait until it has ended, or stop it");
            }
        }
    }

    @Test
    void whatIsNoYamlIsToldWithItsLineAndTheReason(@TempDir Path folder) throws IOException {
        Path recipe = Files.writeString(folder.resolve("r.yaml"), "name: x\nseed: [\n");
        assertThat(run("run", recipe.toString())).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("line 2: is not YAML", "expected the node content");
    }

    @Test
    void figuresForPeopleHaveSixDigits() throws IOException {
        assertThat(Figures.text(new ObjectMapper().readTree("{\"a\":0.9570603791821394,\"b\":1e-6,\"n\":18038}")))
                .isEqualTo("a: 0.95706\nb: 1.0E-6\nn: 18038");
    }

    @Test
    void exceptionsHaveTheirExitCodes() {
        assertThat(ExitCode.of(new RecipeException("r.yaml", List.of("x")))).isEqualTo(2);
        assertThat(ExitCode.of(new NoSuchFileException("x"))).isEqualTo(2);
        assertThat(ExitCode.of(new IllegalStateException("x"))).isEqualTo(1);
    }

    @Test
    void aFullDiskIsAMessageWithACure() {
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
        assertThat(Failures.report(new IOException("No space left on device"), command, false))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("the disk is full", "make room").doesNotContain("\tat ");
    }

    @Test
    void jsonIsOneObjectWhereThereIsOnlyText() throws Exception {
        assertThat(Said.by("completion", "fish", "--json").json().path("script").asText())
                .contains("complete -c distill");
        assertThat(Said.by("train", "--print-resolved", "--set", "train.steps=3", "--json")
                        .json()
                        .path("train.steps")
                        .asText())
                .isEqualTo("3");
    }

    @Test
    void everyShellGetsAScript() {
        for (String shell : List.of("bash", "zsh", "fish")) {
            out.getBuffer().setLength(0);
            assertThat(run("completion", shell)).isZero();
            assertThat(out.toString()).contains("score", "generate");
        }
    }

    @Test
    void progressSaysRateAndRemainingTime() {
        AtomicLong clock = new AtomicLong();
        Console console = new Console(
                new PrintWriter(out),
                new PrintWriter(err),
                Terminal.NONE,
                new Console.Style(false, false, false, false));
        Progress progress = new Progress(console, "train", 100, false, clock::get);
        progress.startAt(10);
        clock.set(10_000_000_000L); // 20 more units in 10 s: 2/s, 70 left
        progress.update(30, "loss 1.23");

        assertThat(err.toString().strip()).isEqualTo("train  30/100  30 %  2.00/s  35 s left  loss 1.23");
    }

    @Test
    void anInterruptedCommandStopsAtItsSafePoint() throws Exception {
        Console console = new Console(
                new PrintWriter(out),
                new PrintWriter(err),
                Terminal.NONE,
                new Console.Style(true, false, false, false));
        Stop stop = new Stop();
        int code = Interrupt.during(stop, console, () -> {
            interrupt(stop);
            return ExitCode.DONE;
        });
        assertThat(code).isEqualTo(ExitCode.TERMINATED);
    }

    @Test
    void whatFailsAfterASignalIsStillAFailure() {
        Console console = new Console(
                new PrintWriter(out),
                new PrintWriter(err),
                Terminal.NONE,
                new Console.Style(true, false, false, false));
        Stop stop = new Stop();
        assertThatThrownBy(() -> Interrupt.during(stop, console, () -> {
                    interrupt(stop);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
    }

    /** By SIGTERM: a shell starts what it puts into the background with SIGINT ignored, and Java then leaves it so. */
    private static void interrupt(Stop stop) throws IOException, InterruptedException {
        new ProcessBuilder(
                        "kill", "-TERM", Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!stop.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(stop.getAsBoolean()).as("the signal has arrived").isTrue();
    }

    @Test
    void whatWasNotMeasuredIsLeftOut() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        OutcomeJson.putMeasured(node, "loss", 1.5);
        OutcomeJson.putMeasured(node, "val_loss", Double.NaN);
        assertThat(node.toString()).isEqualTo("{\"loss\":1.5}");
    }

    @Test
    void aTornLastLineOfAnOutputGoesAndTheWholeOnesStay(@TempDir Path folder) throws IOException {
        String whole = "{\"text\":\"é\",\"sum\":-1.5,\"count\":2}\n";
        Path file = Files.writeString(folder.resolve("out.jsonl"), whole + whole + "{\"sum\":");
        try (ScoreOutput output = ScoreOutput.open(file)) {
            assertThat(output.written()).isEqualTo(2);
        }
        assertThat(file).hasContent(whole + whole);
    }
}
