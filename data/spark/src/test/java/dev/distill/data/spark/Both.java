package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Decision;
import dev.distill.data.curate.DecisionLine;
import dev.distill.data.journal.Storage;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceCounts;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.Trace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The same curation in this process and on Spark, for comparing what they leave. */
final class Both {
    private final List<Path> traces;
    private final List<Path> verdicts;
    private final ShardSize size;
    private final Path folder;
    private int runs;

    /** @param folder for what is made */
    Both(List<Path> traces, List<Path> verdicts, ShardSize size, Path folder) {
        this.traces = traces;
        this.verdicts = verdicts;
        this.size = size;
        this.folder = folder;
    }

    /** What a curation left: its report, and the content of its files. */
    record Left(CurationReport report, TraceCounts counts, List<FileEntry> shards, Path folder) {
        String json() throws IOException {
            return new ObjectMapper().writeValueAsString(report);
        }

        List<Trace> kept() throws IOException {
            List<Trace> kept = new ArrayList<>();
            if (!shards.isEmpty()) {
                try (TraceReader reader = TraceReader.openWithoutManifest(folder)) {
                    reader.forEachRemaining(kept::add);
                }
            }
            return kept;
        }

        List<String> decisions() throws IOException {
            return Files.readAllLines(folder.resolve(CurationEngine.DECISIONS));
        }
    }

    /** As {@code curate} does it without an engine. */
    Left local(CurationSettings settings) throws IOException {
        Path out = Files.createDirectories(folder.resolve("local-" + runs++));
        TraceCounts counts = new TraceCounts();
        try (TraceWriter kept = TraceWriter.create(Storage.local(), out, size);
                BufferedWriter decisions = Files.newBufferedWriter(out.resolve(CurationEngine.DECISIONS))) {
            CurationReport report = Curation.run(settings, this::open, verdicts, out, decision -> {
                if (decision instanceof Decision.Kept) {
                    kept.write(decision.trace());
                    counts.add(decision.trace());
                }
                decisions.write(DecisionLine.of(decision));
                decisions.newLine();
            });
            Manifest manifest = kept.finish(Manifest.begin("curate", "test"), new DatasetCard("kept", "other", ""));
            return new Left(report, counts, manifest.outputs(), out);
        }
    }

    private Stream<Trace> open() throws IOException {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(TraceReader.open(traces), 0), false);
    }

    CurationEngine.Work work(CurationSettings settings, String place, boolean writes, CurationEngine.Watch watch)
            throws IOException {
        Path out = Files.createDirectories(folder.resolve("spark-" + runs++));
        return new CurationEngine.Work(settings, traces, verdicts, out, place, writes, watch);
    }

    /** On this cluster. */
    Left spark(Cluster cluster, CurationSettings settings, int groupsEach, int parts) throws IOException {
        CurationEngine.Work work = work(settings, "", true, Quiet.WATCH);
        Path scratch = Files.createDirectories(work.folder().resolve("scratch"));
        CurationEngine.Result result =
                SparkCuration.run(cluster, work, new SparkSettings(groupsEach, parts, size), scratch);
        return new Left(result.report(), result.counts(), result.shards(), work.folder());
    }

    /** Started and stopped by the engine itself. */
    Left spark(CurationSettings settings, String master, CurationEngine.Watch watch) throws IOException {
        CurationEngine.Work work = work(settings, master, true, watch);
        CurationEngine.Result result = new SparkCurationEngine(new SparkSettings(1, 0, size)).run(work);
        return new Left(result.report(), result.counts(), result.shards(), work.folder());
    }

    /** Row for row, line for line, and byte for byte. */
    static void assertSame(Left spark, Left local) throws IOException {
        assertThat(spark.decisions()).isEqualTo(local.decisions());
        assertThat(spark.json()).isEqualTo(local.json());
        assertThat(spark.kept()).isEqualTo(local.kept());
        assertThat(spark.counts().byName()).isEqualTo(local.counts().byName());
        assertThat(spark.shards())
                .as("names, rows, sizes and hashes of the shards")
                .isEqualTo(local.shards());
        for (FileEntry shard : local.shards()) {
            assertThat(FileEntry.sha256(spark.folder().resolve(shard.path()))).isEqualTo(shard.sha256());
        }
    }

    /** Hears nothing. */
    enum Quiet implements CurationEngine.Watch {
        WATCH;

        @Override
        public void lookedAt(long traces) {}

        @Override
        public void decided(long more) {}

        @Override
        public void check() {}
    }
}
