package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.ShardBench;
import dev.distill.bench.Spread;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill bench shards}: how fast traces go to the disk and come back here. */
@Command(
        name = "shards",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Times a folder of synthetic traces: written, synced, and read again with all hashes and checksums. Medians"
                        + " over the repeats; megabytes are those of the prompts, reasonings and answers.",
        footer = {"", "Example:", "  distill bench shards --rows 200000 --dir /data/traces"})
final class BenchShardsCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MEGA = 1e6;

    @Mixin
    RepeatOptions repeat = new RepeatOptions(1);

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Traces, of about 4.5 kB (${DEFAULT-VALUE}).")
    int rows;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where they are written, and stay (a temporary folder, which goes at the end).")
    private @Nullable Path folder;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Of the traces (${DEFAULT-VALUE}).")
    long seed;

    @Override
    public void check(Problems problems) {
        repeat.check(problems);
        problems.least("--rows", rows, 1);
    }

    @Override
    public Integer call() throws Exception {
        return repeat.tell((console, stop) -> {
            Path kept = folder;
            Path used = kept == null ? Files.createTempDirectory("distill-shards") : kept;
            try {
                return measure(used, console, stop);
            } finally {
                if (kept == null) {
                    delete(used);
                }
            }
        });
    }

    private ObjectNode measure(Path used, Console console, Stop stop) throws IOException {
        try (Progress progress = console.progress("bench shards", repeat.times())) {
            long[] done = {0};
            List<ShardBench.Run> runs = ShardBench.run(
                    new ShardBench.Settings(rows, repeat.warmUps, repeat.repeats, seed),
                    used,
                    stop,
                    run -> progress.update(++done[0]));
            ObjectNode report = JSON.createObjectNode().put("rows", rows).put("repeats", runs.size());
            if (!runs.isEmpty()) {
                speed(report, runs);
            }
            return report;
        }
    }

    private void speed(ObjectNode report, List<ShardBench.Run> runs) {
        double megabytes = runs.getFirst().bytes() / MEGA;
        double write = median(runs, ShardBench.Run::writeSeconds);
        double read = median(runs, ShardBench.Run::readSeconds);
        report.put("mb", megabytes)
                .put("file_mb", runs.getFirst().fileBytes() / MEGA)
                .put("mb_per_s", megabytes / (write + read))
                .put("rows_per_s", rows / (write + read))
                .put("write_mb_per_s", megabytes / write)
                .put("read_mb_per_s", megabytes / read);
    }

    private static double median(List<ShardBench.Run> runs, ToDoubleFunction<ShardBench.Run> seconds) {
        return Spread.of(runs.stream().map(seconds::applyAsDouble).toList()).median();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
