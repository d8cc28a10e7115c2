package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.BenchModel;
import dev.distill.bench.ModelFolder;
import dev.distill.bench.Spread;
import dev.distill.bench.TrainBench;
import dev.distill.bench.UsefulFlops;
import dev.distill.pipeline.Stop;
import dev.distill.student.model.Decoder;
import dev.distill.student.ops.cpu.MatmulProbe;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.train.Computing;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill bench train}: how fast a model trains here. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times training steps (forward, backward, update) on random tokens. Every position of a row but the last is"
                    + " trained; the rows of a step pass one at a time.",
            "matmul_share is the useful work of a step over what the machine's matrix products alone could do in its time:"
                    + " 6 N operations a token for all weights, 4 N for a LoRA, and those of causal attention."
        },
        footer = {"", "Example:", "  distill bench train --model qwen2.5-0.5b --mode lora --seq 1024 --steps 5"})
final class BenchTrainCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    private enum Mode {
        FULL,
        LORA,
        QLORA
    }

    private enum Rule {
        ADAMW,
        ADAMW_8BIT,
        MUON;

        private OptimizerSettings settings() {
            return switch (this) {
                case ADAMW -> TrainBench.ADAMW;
                case ADAMW_8BIT -> new EightBitAdamWSettings(TrainBench.ADAMW);
                case MUON -> new MuonSettings(MuonSettings.MOMENTUM, TrainBench.ADAMW);
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private enum Activations {
        KEEP,
        RECOMPUTE
    }

    @Mixin
    BenchOptions options = new BenchOptions();

    @Option(
            names = "--mode",
            required = true,
            paramLabel = "MODE",
            description =
                    "full: all weights; lora: an adapter on every linear layer of frozen weights; qlora: on these in four"
                            + " bits (NF4), multiplied in float or bfloat16.")
    private Mode mode = Mode.LORA;

    @Option(
            names = "--seq",
            paramLabel = "T",
            defaultValue = "1024",
            description = "Tokens of a row (${DEFAULT-VALUE}).")
    int tokens;

    @Option(names = "--batch", paramLabel = "B", defaultValue = "1", description = "Rows of a step (${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "5",
            description = "Steps that count (${DEFAULT-VALUE}).")
    int steps;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "2",
            description = "Steps before them (${DEFAULT-VALUE}).")
    int warmup;

    @Option(
            names = "--memory",
            paramLabel = "WAY",
            defaultValue = "KEEP",
            description = "keep: activations wait for the backward; recompute: they are computed again (keep).")
    private Activations activations = Activations.KEEP;

    @Option(
            names = "--optimizer",
            defaultValue = "adamw",
            paramLabel = "RULE",
            description =
                    "adamw; adamw-8bit: its moments in eight bits; muon: for the blocks' matrices, where all weights"
                            + " are trained (adamw).")
    private Rule rule = Rule.ADAMW;

    @Option(
            names = "--rank",
            paramLabel = "R",
            defaultValue = "16",
            description = "Rank of the adapter (${DEFAULT-VALUE}).")
    int rank;

    @Override
    public void check(Problems problems) {
        options.compute.check(problems);
        problems.least("--seq", tokens, 2)
                .least("--batch", batch, 1)
                .least("--steps", steps, 1)
                .least("--warmup", warmup, 0)
                .least("--rank", rank, 1);
        if (rule == Rule.MUON && mode != Mode.FULL) {
            problems.add(
                    "--optimizer muon is for the matrices of the blocks, of which an adapter trains none; say --mode full");
        }
    }

    @Override
    public Integer call() throws Exception {
        TrainBench.Settings settings = new TrainBench.Settings(
                trained(),
                tokens,
                batch,
                steps,
                warmup,
                rank,
                options.seed,
                switch (activations) {
                    case KEEP -> Decoder.Memory.KEEP;
                    case RECOMPUTE -> Decoder.Memory.RECOMPUTE;
                },
                rule.settings());
        Console console = options.console.console();
        Computing computing = options.compute.computing(console);
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            ObjectNode report = measure(computing, settings, console, stop);
            console.print(Figures.text(report));
            console.result(report);
            return ExitCode.DONE;
        });
    }

    private TrainBench.Mode trained() {
        return switch (mode) {
            case FULL -> TrainBench.Mode.FULL;
            case LORA -> TrainBench.Mode.LORA;
            case QLORA -> TrainBench.Mode.QLORA;
        };
    }

    private ObjectNode measure(Computing computing, TrainBench.Settings settings, Console console, Stop stop)
            throws IOException {
        try (ModelFolder folder = options.folder(console, stop);
                Memory.AnonymousPeak anonymous = new Memory.AnonymousPeak();
                BenchModel model = BenchModel.trained(folder.path(), computing, settings);
                Progress progress = console.progress("bench train", warmup + steps)) {
            Decoder decoder = model.decoder();
            ObjectNode report = JSON.createObjectNode()
                    .put("model", folder.name())
                    .put("mode", mode.name().toLowerCase(Locale.ROOT))
                    .put("optimizer", rule.toString())
                    .put("compute", Computing.name(computing.type()))
                    .put("threads", computing.threads())
                    .put("memory", activations.name().toLowerCase(Locale.ROOT))
                    .put("seq", tokens)
                    .put("batch", batch)
                    .put("parameters", decoder.config().parameterCount())
                    .put(
                            "trained_parameters",
                            decoder.trained().stream()
                                    .mapToLong(each -> each.value().size())
                                    .sum());
            long[] done = {0};
            TrainBench.Result result = TrainBench.run(
                    decoder, settings, stop, step -> progress.update(++done[0], "loss %.3f".formatted(step.loss())));
            long peakResident = Memory.peakResidentMib();
            long peakAnonymous = anonymous.mib();
            if (!result.steps().isEmpty()) {
                double flops = UsefulFlops.of(decoder.config(), settings.mode()).perToken(tokens);
                speed(report, result, flops, computing);
            }
            report.put("peak_rss_mib", peakResident).put("peak_anon_mib", peakAnonymous);
            OutcomeJson.putMeasured(report, "ready_after_s", result.readyAfter() - folder.madeInSeconds());
            OutcomeJson.putMeasured(report, "first_step_after_s", result.firstStepAfter() - folder.madeInSeconds());
            losses(report.putArray("warmup_losses"), result.warmup());
            losses(report.putArray("losses"), result.steps());
            return report;
        }
    }

    /** Against what products alone reach on this machine now: it may be busier than it was when its rates were kept. */
    private void speed(ObjectNode report, TrainBench.Result result, double flopsPerToken, Computing computing) {
        Spread seconds =
                Spread.of(result.steps().stream().map(TrainBench.Step::seconds).toList());
        double rate = (double) batch * tokens / seconds.median();
        report.put("steps", result.steps().size()).put("tokens_per_s", rate);
        report.putObject("step_s")
                .put("min", seconds.min())
                .put("median", seconds.median())
                .put("max", seconds.max());
        double gflops = new MatmulProbe(computing.threads())
                .measure()
                .of(computing.type())
                .orElseThrow();
        double roof = gflops * 1e9 / flopsPerToken;
        report.put("matmul_share", rate / roof)
                .put("matmul_gflops", gflops)
                .put("useful_gflop_per_token", flopsPerToken / 1e9)
                .put("roof_tokens_per_s", roof);
    }

    private static void losses(ArrayNode losses, List<TrainBench.Step> steps) {
        steps.forEach(step -> losses.add(step.loss()));
    }
}
