package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.HarvestBench;
import dev.distill.bench.Spread;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill bench harvest}: how fast replies come in where the teacher does not keep them waiting. */
@Command(
        name = "harvest",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times whole harvests (requests, replies, ledger and shards) from a teacher on loopback that sends"
                    + " replies made beforehand as fast as they are read. Medians over the repeats.",
            "Both sides are in this process, and its memory is that of both."
        },
        footer = {"", "Example:", "  distill bench harvest --units 2000 --reply-tokens 4000 --in-flight 64"})
final class BenchHarvestCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MB = 1e6;

    @Mixin
    RepeatOptions repeat = new RepeatOptions(1);

    @Option(
            names = "--units",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Prompts, each asked once (${DEFAULT-VALUE}).")
    int units;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "64",
            description = "Requests at a time (${DEFAULT-VALUE}).")
    int inFlight;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "P",
            defaultValue = "200",
            description = "Tokens of each prompt (${DEFAULT-VALUE}).")
    int promptTokens;

    @Option(
            names = "--reply-tokens",
            paramLabel = "R",
            defaultValue = "2000",
            description = "Tokens of each reply (${DEFAULT-VALUE}).")
    int replyTokens;

    @Option(names = "--no-stream", description = "A reply comes in one piece, not as events of a token each.")
    boolean whole;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Where they are written, on the disk that counts; the system's temporary folder.")
    @Nullable
    Path work;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Of the texts (${DEFAULT-VALUE}).")
    long seed;

    @Override
    public void check(Problems problems) {
        repeat.check(problems);
        problems.least("--units", units, 1)
                .least("--in-flight", inFlight, 1)
                .least("--prompt-tokens", promptTokens, 1)
                .least("--reply-tokens", replyTokens, 4);
    }

    @Override
    public Integer call() throws Exception {
        return repeat.tell(this::measure);
    }

    private ObjectNode measure(Console console, Stop stop) throws IOException {
        HarvestBench.Settings settings = new HarvestBench.Settings(
                units, inFlight, promptTokens, replyTokens, !whole, repeat.warmUps, repeat.repeats, seed);
        List<HarvestBench.Run> runs;
        try (Progress progress = console.progress("bench harvest", repeat.times())) {
            long[] done = {0};
            runs = HarvestBench.run(settings, Optional.ofNullable(work), stop, run -> progress.update(++done[0]));
        }
        ObjectNode report = JSON.createObjectNode()
                .put("units", units)
                .put("in_flight", inFlight)
                .put("prompt_tokens", promptTokens)
                .put("reply_tokens", replyTokens)
                .put("streamed", !whole)
                .put("repeats", runs.size());
        if (!runs.isEmpty()) {
            report.put("mb_per_s", median(runs, run -> run.bytes() / MB / run.seconds()))
                    .put("rows_per_s", median(runs, run -> run.rows() / run.seconds()))
                    .put("tokens_per_s", median(runs, run -> run.tokens() / run.seconds()))
                    .put("seconds", median(runs, HarvestBench.Run::seconds))
                    .put("reply_mb", median(runs, run -> run.bytes() / MB))
                    .put("folder_mb", median(runs, run -> run.folderBytes() / MB));
        }
        return report;
    }

    private static double median(List<HarvestBench.Run> runs, ToDoubleFunction<HarvestBench.Run> figure) {
        return Spread.of(runs.stream().map(figure::applyAsDouble).toList()).median();
    }
}
