package dev.distill.data.spark;

import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Fate;
import dev.distill.data.curate.Tally;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TraceCounts;
import dev.distill.data.shard.TraceFile;
import dev.distill.data.shard.TraceSplit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * One curation on a cluster: the traces are examined split by split ({@link ExamineTask}), chosen among ({@link SparkSelection}), each
 * decision is written down ({@link DecideTask}), and what is kept is written ({@link SparkShards}). For one run.
 */
final class SparkCuration {
    /** Splits from which on they are made larger: each is a task. */
    private static final int MANY_SPLITS = 4_000;

    private final Cluster cluster;
    private final CurationEngine.Work work;
    private final SparkSettings how;
    private final SplitFiles splitFiles;
    private final Broadcast<SplitFiles> sentSplitFiles;
    private final Broadcast<CurationSettings> settings;
    private final JavaRDD<TraceSplit> splits;
    private final BitSet passed = new BitSet();
    private final Tally[] examined;

    private SparkCuration(Cluster cluster, CurationEngine.Work work, SparkSettings how, SplitFiles splitFiles) {
        this.cluster = cluster;
        this.work = work;
        this.how = how;
        this.splitFiles = splitFiles;
        this.sentSplitFiles = cluster.send(splitFiles);
        this.settings = cluster.send(work.settings());
        this.splits = cluster.context()
                .parallelize(
                        splitFiles.splits(), Math.max(1, splitFiles.splits().size()));
        this.examined = new Tally[splitFiles.splits().size()];
    }

    /** @param scratch an empty folder that all workers see */
    static CurationEngine.Result run(Cluster cluster, CurationEngine.Work work, SparkSettings how, Path scratch)
            throws IOException {
        List<TraceFile> files = TraceFile.of(work.traces());
        check(cluster, files);
        SplitFiles splitFiles =
                new SplitFiles(cut(files, how), scratch.toAbsolutePath().toString());
        return new SparkCuration(cluster, work, how, splitFiles).run();
    }

    /** Compares each file with its manifest. */
    private static void check(Cluster cluster, List<TraceFile> files) throws IOException {
        cluster.run(
                cluster.context().parallelize(files, Math.max(1, files.size())),
                some -> {
                    while (some.hasNext()) {
                        some.next().check();
                    }
                    return true;
                },
                (_, _) -> {});
    }

    private static List<TraceSplit> cut(List<TraceFile> files, SparkSettings how) {
        if (how.groupsEach() > 0) {
            return TraceSplit.of(files, how.groupsEach());
        }
        List<TraceSplit> splits = TraceSplit.of(files, 1);
        return splits.size() <= MANY_SPLITS ? splits : TraceSplit.of(files, Math.ceilDiv(splits.size(), MANY_SPLITS));
    }

    private CurationEngine.Result run() throws IOException {
        if (splitFiles.splits().isEmpty()) {
            return new CurationEngine.Result(new Tally(work.settings()).report(null), List.of(), new TraceCounts());
        }
        examine();
        int parts = how.parts() > 0 ? how.parts() : cluster.parts(splitFiles.rows());
        SparkSelection selection = new SparkSelection(cluster, work.settings(), splits, sentSplitFiles, parts);
        selection.choose(passed);
        DecideTask.Result[] decided = decide(selection);
        Tally tally = new Tally(work.settings());
        for (Tally some : examined) {
            tally.add(some);
        }
        BitSet kept = new BitSet();
        for (int i = 0; i < decided.length; i++) {
            tally.add(decided[i].tally());
            int place = splitFiles.splits().get(i).place();
            BitSet.valueOf(decided[i].kept()).stream().forEach(at -> kept.set(place + at));
        }
        CurationReport report = tally.report(work.settings().explain() ? selection.alone(splitFiles.rows()) : null);
        if (!work.writes()) {
            return new CurationEngine.Result(report, List.of(), new TraceCounts());
        }
        SparkShards shards = new SparkShards(cluster, sentSplitFiles, kept, how.shards());
        List<FileEntry> written =
                shards.write(Stream.of(decided).map(DecideTask.Result::sizes).toList(), work.folder());
        putTogether();
        return new CurationEngine.Result(report, written, shards.counts());
    }

    private void examine() throws IOException {
        ApartVerdictFiles apart = new ApartVerdictFiles(work.verdicts(), splitFiles);
        apart.write(work.watch());
        long[] rows = {0};
        cluster.run(splits, new ExamineTask(settings, sentSplitFiles, apart.any()), (split, result) -> {
            examined[split] = result.tally();
            int place = splitFiles.splits().get(split).place();
            BitSet.valueOf(result.passed()).stream().forEach(at -> passed.set(place + at));
            rows[0] += result.rows();
            work.watch().lookedAt(rows[0]);
        });
    }

    private DecideTask.Result[] decide(SparkSelection selection) throws IOException {
        JavaPairRDD<Integer, Fate> fates = selection.fates();
        JavaRDD<Tuple2<Integer, Fate>> bySplit = fates.mapPartitions(some -> some, true);
        DecideTask.Result[] decided = new DecideTask.Result[splitFiles.splits().size()];
        cluster.run(
                bySplit, new DecideTask(settings, sentSplitFiles, selection.mix(), work.writes()), (split, result) -> {
                    decided[split] = result;
                    work.watch().decided(result.rows());
                });
        for (DecideTask.Result result : decided) {
            Objects.requireNonNull(result, "every split has decided about its traces");
        }
        return decided;
    }

    /** The lines of all splits, in their order, become one file. */
    private void putTogether() throws IOException {
        try (OutputStream out = Files.newOutputStream(work.folder().resolve(CurationEngine.DECISIONS))) {
            for (TraceSplit split : splitFiles.splits()) {
                work.watch().check();
                Files.copy(splitFiles.decisions(split), out);
            }
        }
    }
}
