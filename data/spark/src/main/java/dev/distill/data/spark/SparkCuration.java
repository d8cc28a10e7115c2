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
 * One curation on a cluster: the traces are looked at piece by piece ({@link Look}), chosen among ({@link SparkSelection}), each
 * decision is told ({@link Tell}), and what is kept is written ({@link SparkShards}). For one run.
 */
final class SparkCuration {
    /** Pieces from which on they are made larger: each is a task. */
    private static final int MANY_PIECES = 4_000;

    private final Cluster cluster;
    private final CurationEngine.Work work;
    private final SparkSettings how;
    private final Pieces pieces;
    private final Broadcast<Pieces> sentPieces;
    private final Broadcast<CurationSettings> settings;
    private final JavaRDD<TraceSplit> splits;
    private final BitSet passed = new BitSet();
    private final Tally[] looked;

    private SparkCuration(Cluster cluster, CurationEngine.Work work, SparkSettings how, Pieces pieces) {
        this.cluster = cluster;
        this.work = work;
        this.how = how;
        this.pieces = pieces;
        this.sentPieces = cluster.send(pieces);
        this.settings = cluster.send(work.settings());
        this.splits = cluster.context()
                .parallelize(pieces.splits(), Math.max(1, pieces.splits().size()));
        this.looked = new Tally[pieces.splits().size()];
    }

    /** @param scratch an empty folder that all workers see */
    static CurationEngine.Result run(Cluster cluster, CurationEngine.Work work, SparkSettings how, Path scratch)
            throws IOException {
        List<TraceFile> files = TraceFile.of(work.traces());
        check(cluster, files);
        Pieces pieces = new Pieces(cut(files, how), scratch.toAbsolutePath().toString());
        return new SparkCuration(cluster, work, how, pieces).run();
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
        return splits.size() <= MANY_PIECES ? splits : TraceSplit.of(files, Math.ceilDiv(splits.size(), MANY_PIECES));
    }

    private CurationEngine.Result run() throws IOException {
        if (pieces.splits().isEmpty()) {
            return new CurationEngine.Result(new Tally(work.settings()).report(null), List.of(), new TraceCounts());
        }
        look();
        int parts = how.parts() > 0 ? how.parts() : cluster.parts(pieces.rows());
        SparkSelection selection = new SparkSelection(cluster, work.settings(), splits, sentPieces, parts);
        selection.choose(passed);
        Tell.Told[] told = tell(selection);
        Tally tally = new Tally(work.settings());
        for (Tally some : looked) {
            tally.add(some);
        }
        BitSet kept = new BitSet();
        for (int i = 0; i < told.length; i++) {
            tally.add(told[i].tally());
            int place = pieces.splits().get(i).place();
            BitSet.valueOf(told[i].kept()).stream().forEach(at -> kept.set(place + at));
        }
        CurationReport report = tally.report(work.settings().explain() ? selection.alone(pieces.rows()) : null);
        if (!work.writes()) {
            return new CurationEngine.Result(report, List.of(), new TraceCounts());
        }
        SparkShards shards = new SparkShards(cluster, sentPieces, kept, how.shards());
        List<FileEntry> written =
                shards.write(Stream.of(told).map(Tell.Told::sizes).toList(), work.folder());
        putTogether();
        return new CurationEngine.Result(report, written, shards.counts());
    }

    private void look() throws IOException {
        GivenVerdicts given = new GivenVerdicts(work.verdicts(), pieces);
        given.cut(work.watch());
        long[] rows = {0};
        cluster.run(splits, new Look(settings, sentPieces, given.any()), (piece, seen) -> {
            looked[piece] = seen.tally();
            int place = pieces.splits().get(piece).place();
            BitSet.valueOf(seen.passed()).stream().forEach(at -> passed.set(place + at));
            rows[0] += seen.rows();
            work.watch().lookedAt(rows[0]);
        });
    }

    private Tell.Told[] tell(SparkSelection selection) throws IOException {
        JavaPairRDD<Integer, Fate> fates = selection.fates();
        JavaRDD<Tuple2<Integer, Fate>> byPiece = fates.mapPartitions(some -> some, true);
        Tell.Told[] told = new Tell.Told[pieces.splits().size()];
        cluster.run(byPiece, new Tell(settings, sentPieces, selection.mix(), work.writes()), (piece, one) -> {
            told[piece] = one;
            work.watch().decided(one.rows());
        });
        for (Tell.Told one : told) {
            Objects.requireNonNull(one, "every piece has told what becomes of its traces");
        }
        return told;
    }

    /** The lines of all pieces, in their order, become one file. */
    private void putTogether() throws IOException {
        try (OutputStream out = Files.newOutputStream(work.folder().resolve(CurationEngine.DECISIONS))) {
            for (TraceSplit split : pieces.splits()) {
                work.watch().check();
                Files.copy(pieces.decisions(split), out);
            }
        }
    }
}
