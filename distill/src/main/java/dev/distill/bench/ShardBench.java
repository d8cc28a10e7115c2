package dev.distill.bench;

import dev.distill.data.journal.Storage;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Times the traces' way to the disk and back: a folder of shards is written, synced, and read again as any stage would, hashes and
 * checksums included.
 */
public final class ShardBench {
    /** Traces that are made; they come again, with other ids, far beyond what a page or a compressor sees at once. */
    private static final int DISTINCT = 10_000;

    private static final DatasetCard CARD = new DatasetCard("Synthetic traces", "cc0-1.0", "Made by `bench shards`.");

    private ShardBench() {}

    /**
     * What is timed.
     *
     * @param rows traces
     * @param warmUps times before that do not count: Java compiles while it works
     * @param repeats times that the whole is done
     * @param seed of the traces
     */
    public record Settings(int rows, int warmUps, int repeats, long seed) {}

    /**
     * One time.
     *
     * @param bytes of all texts, see {@link ShardTraces}
     * @param fileBytes that the shards have
     * @param writeSeconds until the folder is finished and on the disk
     * @param readSeconds until the last trace has come out
     */
    public record Run(long bytes, long fileBytes, double writeSeconds, double readSeconds) {}

    /**
     * Writes and reads; warm-ups are not among the runs. Fewer come out if it is stopped.
     *
     * @param folder for the shards; those of the last time stay
     * @param stop asked at each trace
     * @param done hears of each run as it ends, the warm-ups too
     */
    public static List<Run> run(Settings settings, Path folder, BooleanSupplier stop, Consumer<Run> done)
            throws IOException {
        List<Trace> traces = new ShardTraces(settings.seed()).list(Math.min(DISTINCT, settings.rows()));
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < settings.warmUps() + settings.repeats(); i++) {
            Run run = time(traces, settings, folder, stop);
            if (stop.getAsBoolean()) {
                return List.copyOf(runs);
            }
            done.accept(run);
            if (i >= settings.warmUps()) {
                runs.add(run);
            }
        }
        return List.copyOf(runs);
    }

    private static Run time(List<Trace> traces, Settings settings, Path folder, BooleanSupplier stop)
            throws IOException {
        long begin = System.nanoTime();
        Manifest manifest = write(traces, settings, folder, stop);
        long written = System.nanoTime();
        long read = 0;
        try (TraceReader reader = TraceReader.open(folder)) {
            while (reader.hasNext() && !stop.getAsBoolean()) {
                reader.next();
                read++;
            }
        }
        long end = System.nanoTime();
        if (read != settings.rows() && !stop.getAsBoolean()) {
            throw new IllegalStateException(
                    "bench shards: wrote " + settings.rows() + " traces and read " + read + " of them");
        }
        long bytes = 0;
        for (int row = 0; row < settings.rows(); row++) {
            bytes += ShardTraces.bytes(traces.get(row % traces.size()));
        }
        long fileBytes = manifest.outputs().stream().mapToLong(FileEntry::bytes).sum();
        return new Run(bytes, fileBytes, (written - begin) / 1e9, (end - written) / 1e9);
    }

    private static Manifest write(List<Trace> traces, Settings settings, Path folder, BooleanSupplier stop)
            throws IOException {
        SplittableRandom random = new SplittableRandom(settings.seed());
        try (TraceWriter writer = TraceWriter.replace(Storage.local(), folder, ShardSize.DEFAULT)) {
            for (int row = 0; row < settings.rows() && !stop.getAsBoolean(); row++) {
                writer.write(named(traces.get(row % traces.size()), ShardTraces.id(random)));
            }
            return writer.finish(Manifest.begin("bench", "distill bench shards"), CARD);
        }
    }

    private static Trace named(Trace t, String id) {
        return new Trace(
                id,
                t.promptId(),
                t.sample(),
                t.messages(),
                t.reasoning(),
                t.answer(),
                t.rawReply(),
                t.finish(),
                t.reference(),
                t.source(),
                t.teacher(),
                t.parameters(),
                t.usage(),
                t.cost(),
                t.attempts(),
                t.completedAt(),
                t.verdicts(),
                t.domain(),
                t.licence(),
                t.extra());
    }
}
