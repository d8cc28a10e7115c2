package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kills a training with SIGKILL at random moments, each time from the process that the kill before left, and compares the end. */
final class Kills {
    private Kills() {}

    static void campaign(Path folder, int kills, long seed) throws Exception {
        System.err.println("kill campaign of " + kills + ": distill.seed=" + seed);
        Path calm = folder.resolve("calm");
        long begin = System.nanoTime();
        Process undisturbed = start(calm);
        waitForBegin(undisturbed);
        long trained = System.nanoTime();
        assertThat(undisturbed.waitFor()).as(errors(calm)).isZero();
        double wall = (System.nanoTime() - trained) / 1e9;
        System.err.printf("undisturbed: begins after %.2f s, trains for %.2f s%n", (trained - begin) / 1e9, wall);

        Path killed = folder.resolve("killed");
        Random random = new Random(seed);
        int done = 0;
        int finished = 0;
        while (done < kills) {
            Process process = start(killed);
            String from = waitForBegin(process);
            // on average the kills share the run evenly; each restart has what it must read and hash besides
            double seconds = random.nextDouble() * 2 * wall / kills;
            if (process.waitFor((long) (1e6 * seconds), TimeUnit.MICROSECONDS)) {
                assertThat(process.exitValue()).as(errors(killed)).isZero();
                finished++;
                compare(killed, calm);
                killed = folder.resolve("killed" + finished); // the next kills meet another run
                continue;
            }
            process.destroyForcibly().waitFor();
            done++;
            System.err.printf("kill %d, %.3f s after %s%n", done, seconds, from);
        }
        assertThat(start(killed).waitFor()).as(errors(killed)).isZero();
        compare(killed, calm);
    }

    private static void compare(Path killed, Path calm) throws IOException {
        assertThat(killed.resolve("weights.txt")).hasSameTextualContentAs(calm.resolve("weights.txt"));
        assertThat(numbers(killed)).isEqualTo(numbers(calm));
    }

    /** All of a run's figures that data, settings and the first weights decide. */
    private static List<StepReport.Learning> numbers(Path folder) throws IOException {
        return TrainResult.read(folder).reports().stream()
                .map(StepReport::learning)
                .toList();
    }

    private static Process start(Path run) throws IOException {
        Files.createDirectories(run);
        return new ProcessBuilder(ChildJvm.command("dev.distill.train.CountingRun", Stream.of(run.toString())))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(run.resolve("err.txt").toFile()))
                .start();
    }

    private static String waitForBegin(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        return line == null ? "the end" : line;
    }

    private static String errors(Path run) throws IOException {
        return Files.readString(run.resolve("err.txt"));
    }
}
