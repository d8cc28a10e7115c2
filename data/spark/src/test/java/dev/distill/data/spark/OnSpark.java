package dev.distill.data.spark;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Choice;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.Mix;
import dev.distill.data.curate.PassRate;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Spark in this process, and planted traces in three folders. */
abstract class OnSpark {
    /** So small that these traces make many files of several row groups. */
    static final ShardSize SMALL = new ShardSize(15_000, 30_000);

    static final CurationSettings STANDARD = CurationSettings.standard(
                    new MathVerifier(), List.of(HeldOutSet.ofQuestions("held", List.of(Planted.HELD_OUT))))
            .withThreads(2);
    static final CurationSettings ALL = STANDARD.choosing(
            new PassRate(0.1, 0.95),
            new Choice(2, Choice.Order.FIRST),
            new Mix(Mix.By.DOMAIN, List.of(), new TreeMap<>(Map.of("math", 2.0, "other", 1.0)), 200, 3));

    static Cluster cluster;

    @TempDir
    Path folder;

    final List<Trace> traces = new ArrayList<>(new Planted(11).traces(1_500));
    Both both;

    @BeforeAll
    static void start() throws IOException {
        cluster = ClusterStart.start("local[2]", Both.Quiet.WATCH);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void write() throws IOException {
        both = of(traces, "harvest");
    }

    /** Three folders, each of some files. */
    Both of(List<Trace> some, String name) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path part = folder.resolve(name + i);
            Planted.write(part, some.subList(some.size() * i / 3, some.size() * (i + 1) / 3), SMALL);
            folders.add(part);
        }
        return new Both(folders, List.of(), SMALL, folder);
    }
}
