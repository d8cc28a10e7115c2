package dev.distill.pipeline;

import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.Decision;
import dev.distill.data.curate.DecisionLine;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceCounts;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceShards;
import dev.distill.data.trace.Trace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** An engine that runs in this process, for tests of what is around one. */
public final class ScriptedEngine implements CurationEngine {
    static final CurationPlace PLACE = new CurationPlace("scripted", "nowhere");

    @Override
    public String name() {
        return PLACE.engine();
    }

    @Override
    public Result run(Work work) throws IOException {
        List<Trace> all = new ArrayList<>();
        try (TraceReader traces = TraceReader.open(work.traces())) {
            traces.forEachRemaining(all::add);
        }
        work.watch().lookedAt(all.size());
        work.watch().check();
        List<Trace> kept = new ArrayList<>();
        TraceCounts counts = new TraceCounts();
        try (BufferedWriter lines = Files.newBufferedWriter(work.folder().resolve(DECISIONS))) {
            CurationReport report =
                    Curation.run(work.settings(), all::stream, work.verdicts(), work.folder(), decision -> {
                        if (decision instanceof Decision.Kept) {
                            kept.add(decision.trace());
                            counts.add(decision.trace());
                        }
                        lines.write(DecisionLine.of(decision));
                        lines.newLine();
                        work.watch().decided(1);
                    });
            List<FileEntry> shards = work.writes()
                    ? List.of(new TraceShards(ShardSize.DEFAULT).write(work.folder(), 0, kept.iterator()))
                    : List.of();
            return new Result(report, shards, counts);
        }
    }
}
