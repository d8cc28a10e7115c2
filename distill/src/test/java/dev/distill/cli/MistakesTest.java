package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a command line is told all at once, with what was perhaps meant. */
class MistakesTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.execute(Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)), args);
    }

    @Test
    void aMistypedCommandIsAnsweredWithTheRightOne() {
        assertThat(run("scroe")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("scroe", "score");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aMistypedOptionIsAnsweredWithTheRightOne() {
        assertThat(run("doctor", "--jsn")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("--json", "distill doctor --help");
    }

    @Test
    void allMissingOptionsAreNamedAtOnce() {
        assertThat(run("score")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("--model", "--input", "--output");
    }

    @Test
    void allMistakesAreToldAtOnceAlsoWhereAnOptionIsMissing(@TempDir Path folder) {
        assertThat(run("score", "--top-k", "-1", "--threads", "many", "--jsn", "-i", folder.toString()))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString().lines().map(String::strip).toList())
                .contains(
                        "distill: 6 problems",
                        "Invalid value for option '--threads': 'many' is not an int",
                        "Missing required option: '--model=MODEL'",
                        "Missing required option: '--output=FILE' (or --distributions=DIR)",
                        "Unknown option: '--jsn'",
                        "--top-k must be at least 0; got -1",
                        "--input " + folder + ": is a folder; give a file of JSON lines",
                        "See: distill score --help");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void allNumbersOutOfTheirRangeAreToldAtOnce() {
        assertThat(run("generate", "--samples", "0", "--temperature", "-1", "--threads", "-1", "--stop", ""))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString())
                .contains(
                        "--samples must be at least 1; got 0",
                        "sampling: need temperature >= 0",
                        "--threads must be from 0 to",
                        "--stop must not be empty",
                        "--model=MODEL",
                        "--prompt");
        err.getBuffer().setLength(0);
        assertThat(run("bench", "generate", "--batch", "0", "--repeats", "x")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("--batch must be at least 1; got 0", "'--repeats'", "--model=MODEL");
        err.getBuffer().setLength(0);
        assertThat(run("run", "--from", "eval", "--to", "train")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("eval comes after train");
    }

    @Test
    void helpIsGivenWhateverElseIsWrong() {
        assertThat(run("score", "--top-k", "-1", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: distill score");
    }

    @Test
    void allWrongLinesOfAnInputAreNamedAtOnce(@TempDir Path folder) throws Exception {
        Path input = folder.resolve("in.jsonl");
        Files.writeString(input, "{\"text\":\"a\"}\n{\"txt\":\"a\"}\n\n{\"ids\":[]}\n");

        assertThat(run("score", "-m", "x", "-i", input.toString(), "-o", "y")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("line 2", "line 4").doesNotContain("line 1:", "line 3");
    }

    @Test
    void aMasterIsOfAnEngineThatThereIs() {
        assertThat(run("curate", "--engine", "flink")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("--engine must be local or spark; got flink");
        assertThat(run("curate", "--master", "local[2]")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err.toString()).contains("--master is of --engine spark; add it, or leave --master out");
    }
}
