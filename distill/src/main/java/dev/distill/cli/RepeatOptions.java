package dev.distill.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that do the same several times, and time it, have in common. */
final class RepeatOptions {
    @Mixin
    ConsoleOptions console = new ConsoleOptions();

    @Option(names = "--warm-ups", paramLabel = "N", description = "Times before that do not count (${DEFAULT-VALUE}).")
    int warmUps;

    @Option(names = "--repeats", paramLabel = "N", description = "Times that count (${DEFAULT-VALUE}).")
    int repeats = 3;

    /** @param warmUps unless the user says otherwise */
    RepeatOptions(int warmUps) {
        this.warmUps = warmUps;
    }

    void check(Problems problems) {
        problems.least("--warm-ups", warmUps, 0).least("--repeats", repeats, 1);
    }

    /** All times, those that do not count too. */
    int times() {
        return warmUps + repeats;
    }

    /** What is measured. */
    @FunctionalInterface
    interface Measuring {
        ObjectNode report(Console console, Stop stop) throws IOException;
    }

    /** Measures, tells what came out, and how much memory it took at most; returns the exit code. */
    int tell(Measuring measuring) throws Exception {
        Console output = console.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, output, () -> {
            ObjectNode report = measuring.report(output, stop).put("peak_rss_mib", Memory.peakResidentMib());
            output.print(Figures.text(report));
            output.result(report);
            return ExitCode.DONE;
        });
    }
}
