package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.BenchModel;
import dev.distill.bench.GenerateBench;
import dev.distill.bench.ModelFolder;
import dev.distill.bench.Spread;
import dev.distill.pipeline.Stop;
import dev.distill.train.Computing;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill bench generate}: how fast a model reads prompts and writes here. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Times generation from random tokens: reading the prompts (prefill), and writing on, all rows at a time"
                        + " (decode). Medians over the repeats.",
        footer = {
            "",
            "Example:",
            "  distill bench generate --model qwen2.5-0.5b --compute int8 --batch 8 \\",
            "    --prompt-tokens 512 --new-tokens 128"
        })
final class BenchGenerateCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    BenchOptions options = new BenchOptions();

    @Option(names = "--batch", paramLabel = "B", defaultValue = "1", description = "Rows at a time (${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "P",
            defaultValue = "512",
            description = "Tokens of each prompt (${DEFAULT-VALUE}).")
    int promptTokens;

    @Option(
            names = "--new-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens written to each (${DEFAULT-VALUE}).")
    int newTokens;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "5",
            description = "Times before that do not count, of 32 new tokens at most (${DEFAULT-VALUE}).")
    int warmUps;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "Times that count (${DEFAULT-VALUE}).")
    int repeats;

    @Override
    public void check(Problems problems) {
        options.compute.check(problems);
        problems.least("--batch", batch, 1)
                .least("--prompt-tokens", promptTokens, 1)
                .least("--new-tokens", newTokens, 2)
                .least("--warm-ups", warmUps, 0)
                .least("--repeats", repeats, 1);
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console.console();
        Computing computing = options.compute.computing(console);
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            ObjectNode report = measure(computing, console, stop);
            console.print(Figures.text(report));
            console.result(report);
            return ExitCode.DONE;
        });
    }

    private ObjectNode measure(Computing computing, Console console, Stop stop) throws IOException {
        GenerateBench.Settings settings =
                new GenerateBench.Settings(batch, promptTokens, newTokens, warmUps, repeats, options.seed);
        try (ModelFolder folder = options.folder(console, stop);
                Memory.AnonymousPeak anonymous = new Memory.AnonymousPeak();
                BenchModel model = BenchModel.frozen(folder.path(), computing);
                Progress progress = console.progress("bench generate", warmUps + repeats)) {
            long[] done = {0};
            List<GenerateBench.Run> runs =
                    GenerateBench.run(model.decoder(), settings, stop, run -> progress.update(++done[0]));
            ObjectNode report = JSON.createObjectNode()
                    .put("model", folder.name())
                    .put("compute", Computing.name(computing.type()))
                    .put("threads", computing.threads())
                    .put("batch", batch)
                    .put("prompt_tokens", promptTokens)
                    .put("new_tokens", newTokens)
                    .put("repeats", runs.size());
            if (!runs.isEmpty()) {
                speed(report, runs);
            }
            return report.put("peak_rss_mib", Memory.peakResidentMib()).put("peak_anon_mib", anonymous.mib());
        }
    }

    /** The first new token of a row comes from its prompt; the others are decoded. */
    private void speed(ObjectNode report, List<GenerateBench.Run> runs) {
        Spread prefill =
                Spread.of(runs.stream().map(GenerateBench.Run::prefillSeconds).toList());
        Spread decode =
                Spread.of(runs.stream().map(GenerateBench.Run::decodeSeconds).toList());
        report.put("prefill_tokens_per_s", batch * (double) promptTokens / prefill.median())
                .put("decode_tokens_per_s", batch * (newTokens - 1.0) / decode.median());
    }
}
