package dev.distill.data.spark;

import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Examined;
import dev.distill.data.curate.ExaminedWriter;
import dev.distill.data.curate.Examiner;
import dev.distill.data.curate.Tally;
import dev.distill.data.curate.VerdictList;
import dev.distill.data.shard.TraceSplit;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Iterator;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** Looks at each trace of a piece alone, and leaves what it found for the other steps. */
record Look(Broadcast<CurationSettings> settings, Broadcast<Pieces> pieces, boolean given)
        implements Cluster.Task<TraceSplit, Look.Seen> {

    /**
     * What was counted.
     *
     * @param passed by place in the piece, whether no filter drops the trace
     */
    record Seen(int rows, Tally tally, long[] passed) implements Serializable {}

    @Override
    public Seen run(Iterator<TraceSplit> splits) throws IOException {
        return look(splits.next());
    }

    private Seen look(TraceSplit split) throws IOException {
        Examiner examiner = new Examiner(settings.value());
        Tally tally = new Tally(settings.value());
        BitSet passed = new BitSet(split.rows());
        try (TraceSplit.Rows<Trace> traces = split.open();
                VerdictList verdicts = verdicts(split);
                ExaminedWriter found = pieces.value().examined(split).write()) {
            for (int i = 0; i < split.rows(); i++) {
                Trace trace = traces.next();
                if (verdicts != null) {
                    for (Verdict verdict : verdicts.next()) {
                        trace = trace.with(verdict);
                    }
                }
                Examined examined = examiner.examine(trace);
                tally.examined(examined);
                found.add(examined);
                passed.set(i, examined.passed());
            }
            found.publish();
        }
        return new Seen(split.rows(), tally, passed.toLongArray());
    }

    private @Nullable VerdictList verdicts(TraceSplit split) throws IOException {
        return given ? VerdictList.open(pieces.value().given(split)) : null;
    }
}
