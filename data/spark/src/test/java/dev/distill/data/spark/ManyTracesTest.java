package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Choice;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.PassRate;
import dev.distill.data.shard.ShardSize;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 traces of about 400 words, on Spark and without; tells how long it took and what was shuffled. */
@Tag("slow")
class ManyTracesTest {
    private static final int TRACES = Integer.getInteger("distill.spark.traces", 100_000);
    private static final int FOLDERS = 10;
    private static final CurationSettings SETTINGS = CurationSettings.standard(
                    new MathVerifier(), List.of(HeldOutSet.ofQuestions("held", List.of(Planted.HELD_OUT))))
            .choosing(new PassRate(0.1, 1), new Choice(2, Choice.Order.FIRST), null)
            .withThreads(2);

    private static long cpuBegun;

    @TempDir
    Path folder;

    @Test
    void sparkLeavesWhatThisProcessLeaves() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < FOLDERS; i++) {
            Path part = folder.resolve("harvest" + i);
            Planted.write(part, new Planted(100 + i, 270).traces(TRACES / FOLDERS), ShardSize.DEFAULT);
            folders.add(part);
        }
        Both both = new Both(folders, List.of(), ShardSize.DEFAULT, folder);

        long begun = begin();
        Both.Left local = both.local(SETTINGS);
        tell("local, 2 threads", begun);
        Counted counted = new Counted();
        try (Cluster cluster = ClusterStart.start("local[2]", Both.Quiet.WATCH)) {
            cluster.context().sc().addSparkListener(counted);
            begun = begin();
            Both.Left spark = both.spark(cluster, SETTINGS, 0, 0);
            tell("Spark, local[2]", begun);
            Both.assertSame(spark, local);
            assertThat(local.report().kept()).isBetween(TRACES / 10L, TRACES * 9L / 10);
        }
        assertThat(local.report().dropped()).allSatisfy((reason, count) -> tell(reason + " " + count));
        tell("kept %d in %d shards"
                .formatted(local.report().kept(), local.shards().size()));
        tell("shuffled %.1f MiB, read %.1f MiB in %d tasks of %.1f s together"
                .formatted(
                        counted.written.get() / 1048576.0,
                        counted.read.get() / 1048576.0,
                        counted.tasks.get(),
                        counted.runMs.get() / 1000.0));
    }

    /** Of this whole process: what others do on the machine does not count. */
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long begin() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        cpuBegun = cpuNanos();
        return System.nanoTime();
    }

    private static void tell(String what, long begun) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpu = (cpuNanos() - cpuBegun) / 1e9;
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
        tell("%s: %.1f s, %.1f s of the processors, %.0f traces/s, old generation at most %d MiB"
                .formatted(what, seconds, cpu, TRACES / seconds, heap >> 20));
    }

    private static void tell(String what) {
        System.out.println("ManyTracesTest: " + what);
    }

    /** What Spark's tasks did. */
    private static final class Counted extends SparkListener {
        private final AtomicLong written = new AtomicLong();
        private final AtomicLong read = new AtomicLong();
        private final AtomicLong tasks = new AtomicLong();
        private final AtomicLong runMs = new AtomicLong();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            tasks.incrementAndGet();
            written.addAndGet(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
            read.addAndGet(end.taskMetrics().shuffleReadMetrics().totalBytesRead());
            runMs.addAndGet(end.taskMetrics().executorRunTime());
        }
    }
}
