package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.demo.Demo;
import dev.distill.demo.DemoResult;
import dev.distill.demo.DemoSettings;
import dev.distill.demo.FaultAccount;
import dev.distill.eval.report.TaskScore;
import dev.distill.pipeline.Stop;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill demo}: the whole job on this machine with nothing else. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "The whole job on this machine with nothing else.",
            "An embedded teacher, a harvest over HTTP, curation, a small student and its twin, their scores, an"
                    + " export, a report."
        },
        footer = {
            "",
            "Example:",
            "  distill demo --dir runs/demo",
            "Killed at any moment, the same command goes on where it was."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--dir", paramLabel = "D", description = "Folder of the run (default: ${DEFAULT-VALUE}).")
    Path dir = Path.of("runs", "demo");

    @Option(names = "--long", description = "Harder problems and a larger student; takes several times as long.")
    boolean lasting;

    @Option(names = "--prompts", description = "problems to ask the teacher", hidden = true)
    int prompts;

    @Option(names = "--held-out", description = "problems of the test", hidden = true)
    int heldOut;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replaces a value of the demo's recipe, for example train.steps=1000.")
    Map<String, String> values = new LinkedHashMap<>();

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Override
    public Integer call() throws Exception {
        DemoSettings settings = lasting ? DemoSettings.lasting(dir) : DemoSettings.standard(dir);
        settings = settings.with(
                values, prompts == 0 ? settings.prompts() : prompts, heldOut == 0 ? settings.heldOut() : heldOut);
        DemoSettings chosen = settings;
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> run(chosen, console, stop));
    }

    private static int run(DemoSettings settings, Console console, Stop stop) throws IOException {
        try (Ops ops = new CpuOps();
                RunProgress progress = new RunProgress(console)) {
            DemoResult result = new Demo(settings, progress, stop).run(ops);
            console.print(summary(result));
            console.result(json(result));
            return ExitCode.DONE;
        }
    }

    private static ObjectNode json(DemoResult result) {
        ObjectNode node = new ObjectMapper()
                .createObjectNode()
                .put("score_before", result.before().passAt1().value())
                .put("score_after", result.after().passAt1().value())
                .put("score_twin", result.twin().passAt1().value())
                .put("n_eval", result.after().questions())
                .put("maj8_after", result.majority().consensus())
                .put("wall_s", result.wallSeconds())
                .put("export", result.export().folder().toString())
                .put("report", result.report().toString());
        ObjectNode faults = node.putObject("faults");
        for (FaultAccount fault : result.faults()) {
            faults.putObject(fault.fault())
                    .put("planted", fault.planted())
                    .put("caught", fault.caught())
                    .put("wrongly_dropped", fault.wronglyDropped());
        }
        return node;
    }

    private static String summary(DemoResult result) {
        StringBuilder out = new StringBuilder();
        out.append("%,d traces harvested for %s, %,d kept after curation%n"
                .formatted(
                        result.harvest().completed(),
                        result.harvest().spent().rounded(2),
                        result.curation().kept()));
        out.append("%n%-16s %8s %8s %8s %16s%n"
                .formatted("planted fault", "planted", "caught", "missed", "wrongly dropped"));
        for (FaultAccount fault : result.faults()) {
            out.append("%-16s %8d %8d %8d %16d%n"
                    .formatted(
                            fault.fault().replace('_', ' '),
                            fault.planted(),
                            fault.caught(),
                            fault.planted() - fault.caught(),
                            fault.wronglyDropped()));
        }
        out.append("%nscore on %d held-out problems, greedy%n"
                .formatted(result.after().questions()));
        line(out, "before", result.before(), "   random weights");
        line(out, "student", result.after(), "");
        out.append("  %-10s %5.1f %%%n"
                .formatted("majority 8", 100 * result.majority().consensus()));
        line(out, "twin", result.twin(), "   learnt the same answers without the reasoning");
        out.append("%ntraining  %,.0f tokens/s, validation loss %.3f -> %.3f%n"
                .formatted(
                        result.training().tokensPerSecond(),
                        result.training().firstValidationLoss(),
                        result.training().lastValidationLoss()));
        double difference = result.export().parity().maxLogitDiff();
        out.append("export    %s (largest logit difference %s)%n"
                .formatted(result.export().folder(), difference == 0 ? "0" : "%.1e".formatted(difference)));
        out.append("report    %s%n".formatted(result.report()));
        out.append("time      %s".formatted(Progress.duration(result.wallSeconds())));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, TaskScore score, String remark) {
        out.append("  %-10s %5.1f %%  (%.1f to %.1f)%s%n"
                .formatted(
                        name,
                        100 * score.passAt1().value(),
                        100 * score.passAt1().low(),
                        100 * score.passAt1().high(),
                        remark));
    }
}
