package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.curate.CurationEngine;
import dev.distill.data.shard.ShardException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkExecutorInfo;
import org.junit.jupiter.api.Test;

/** How a curation on Spark goes on: what is told, what stops it, what it refuses. */
class SparkCurationRunTest extends OnSpark {
    @Test
    void howFarItIsIsToldOncePerTrace() throws IOException {
        List<Long> looked = new ArrayList<>();
        long[] decided = {0};
        CurationEngine.Watch watch = new CurationEngine.Watch() {
            @Override
            public void lookedAt(long count) {
                looked.add(count);
            }

            @Override
            public void decided(long more) {
                decided[0] += more;
            }

            @Override
            public void check() {}
        };
        CurationEngine.Work work = both.work(STANDARD, "local[2]", true, watch);
        SparkCuration.run(
                cluster,
                work,
                new SparkSettings(1, 0, SMALL),
                Files.createDirectory(work.folder().resolve("scratch")));
        assertThat(looked).isSorted().last().isEqualTo((long) traces.size());
        assertThat(decided[0]).isEqualTo(traces.size());
    }

    @Test
    void aDamagedFileIsRefusedInTheSameWords() throws IOException {
        Path damaged = folder.resolve("harvest1").resolve("traces-00001.parquet");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        assertThatThrownBy(() -> both.local(ALL)).isInstanceOf(ShardException.class);
        assertThatThrownBy(() -> both.spark(cluster, ALL, 2, 3))
                .isInstanceOf(ShardException.class)
                .hasMessageMatching("shard .*traces-00001.parquet: has sha256 .*, the manifest says .*; restore .*");
    }

    @Test
    void nothingToReadIsNothingKept() throws IOException {
        Planted.write(folder.resolve("empty"), List.of(), SMALL);
        Both empty = new Both(List.of(folder.resolve("empty")), List.of(), SMALL, folder);
        assertThat(empty.spark(cluster, ALL, 1, 1).report())
                .isEqualTo(empty.local(ALL).report());
    }

    @Test
    void theWishToStopEndsTheWork() throws Exception {
        CurationEngine.Watch stopping = new CurationEngine.Watch() {
            private boolean begun;

            @Override
            public void lookedAt(long count) {
                begun = true;
            }

            @Override
            public void decided(long more) {}

            @Override
            public void check() {
                if (begun) {
                    throw new CancellationException("stopped");
                }
            }
        };
        Cluster mine = new Cluster(cluster.context(), stopping);
        CurationEngine.Work work = both.work(ALL, "", true, stopping);
        Path scratch = Files.createDirectory(work.folder().resolve("scratch"));
        assertThatThrownBy(() -> SparkCuration.run(mine, work, new SparkSettings(1, 3, SMALL), scratch))
                .isInstanceOf(CancellationException.class)
                .hasMessage("stopped");
        assertThat(work.folder()).isDirectoryNotContaining("glob:**.{parquet,jsonl}");
        while (runningTasks() > 0) { // they write into a folder that goes with this test
            Thread.sleep(10);
        }
    }

    private int runningTasks() {
        return Arrays.stream(cluster.context().statusTracker().getExecutorInfos())
                .mapToInt(SparkExecutorInfo::numRunningTasks)
                .sum();
    }
}
