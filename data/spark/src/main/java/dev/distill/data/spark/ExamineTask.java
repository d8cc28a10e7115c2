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
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each trace of a split alone, and leaves what it found for the other steps.
 *
 * @param apart whether checks ran apart
 */
record ExamineTask(Broadcast<CurationSettings> settings, Broadcast<SplitFiles> splitFiles, boolean apart)
        implements Cluster.Task<TraceSplit, ExamineTask.Result> {

    /**
     * What was counted.
     *
     * @param passed by place in the split, whether no filter drops the trace
     */
    record Result(int rows, Tally tally, long[] passed) implements Serializable {}

    @Override
    public Result run(Iterator<TraceSplit> splits) throws IOException {
        TraceSplit split = splits.next();
        Examiner examiner = new Examiner(settings.value());
        Tally tally = new Tally(settings.value());
        BitSet passed = new BitSet(split.rows());
        try (TraceSplit.Rows<Trace> traces = split.open();
                VerdictList apartVerdicts = apartVerdicts(split);
                ExaminedWriter out = splitFiles.value().examined(split).write()) {
            for (int i = 0; i < split.rows(); i++) {
                List<Verdict> found = apartVerdicts == null ? List.of() : apartVerdicts.next();
                Examined examined = examiner.examine(traces.next(), found);
                tally.examined(examined);
                out.add(examined);
                passed.set(i, examined.passed());
            }
            out.publish();
        }
        return new Result(split.rows(), tally, passed.toLongArray());
    }

    private @Nullable VerdictList apartVerdicts(TraceSplit split) throws IOException {
        return apart ? VerdictList.open(splitFiles.value().apartVerdicts(split)) : null;
    }
}
