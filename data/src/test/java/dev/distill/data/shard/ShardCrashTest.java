package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.journal.SimulatedDisk;
import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fails, or cuts the power, at every operation of writing a folder of several shards. */
class ShardCrashTest {
    private static final int REPEATS = 2;
    private static final ShardSize SIZE = new ShardSize(6_000, 3_000);
    private static final List<Trace> TRACES = RandomTraces.list(21, 16, 300);

    @TempDir
    Path temporary;

    private static void write(Storage disk, Path folder) throws IOException {
        try (TraceWriter writer = TraceWriter.create(disk, folder, SIZE)) {
            for (Trace trace : TRACES) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
    }

    private static List<Trace> read(TraceReader open) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = open) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    /** A file that has its name is whole; a folder that has its manifest is complete; one that has not can be written again. */
    private static void check(Path folder, String what) throws IOException {
        List<Path> shards;
        try (Stream<Path> files = Files.list(folder)) {
            shards = files.filter(TraceWriter::isShard).sorted().toList();
        }
        List<Trace> found = new ArrayList<>();
        for (Path shard : shards) {
            found.addAll(read(TraceReader.openWithoutManifest(shard)));
        }
        assertThat(found).as(what).isEqualTo(TRACES.subList(0, found.size()));
        if (!Manifest.isIn(folder)) {
            write(new SimulatedDisk(folder, new Random(1)), folder);
        }
        assertThat(read(TraceReader.open(folder))).as(what).isEqualTo(TRACES);
    }

    @Test
    void anyOneOperationMayFail() throws IOException {
        int n = 0;
        for (boolean struck = true; struck; n++) {
            Path folder = Files.createDirectories(temporary.resolve("fail" + n));
            SimulatedDisk disk = new SimulatedDisk(folder, new Random(n)).failAt(n);
            boolean failed = fails(disk, folder);
            struck = disk.operations() > n;
            assertThat(failed).as("operation %d failed and nobody said so", n).isEqualTo(struck);
            check(folder, "operation " + n + " failed");
        }
        // at least two shards of create, write, sync, move, sync the folder; the card and the manifest likewise
        assertThat(n).isGreaterThan(18);
    }

    @Test
    void thePowerMayGoAtAnyOperation() throws IOException {
        int n = 0;
        for (boolean struck = true; struck; n++) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                long seed = 1_000L * n + repeat;
                Path folder = Files.createDirectories(temporary.resolve("cut" + n + "-" + repeat));
                SimulatedDisk disk = new SimulatedDisk(folder, new Random(seed)).stopAt(n);
                fails(disk, folder);
                struck = disk.operations() > n;
                disk.cutPower();
                check(folder, "power cut at operation " + n + ", seed " + seed);
            }
        }
        assertThat(n).isGreaterThan(18);
    }

    private static boolean fails(Storage disk, Path folder) {
        try {
            write(disk, folder);
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
