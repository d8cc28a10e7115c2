package dev.distill.data.spark;

import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.VerdictList;
import dev.distill.data.shard.TraceSplit;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictJoin;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Verdicts of checks that ran apart, cut into the pieces of the traces. They stand in the order of the traces, so that this is one pass over
 * them and over the answers of the traces, in this process.
 */
record GivenVerdicts(List<Path> folders, Pieces pieces) {
    boolean any() {
        return !folders.isEmpty();
    }

    /** Writes those of each piece where its worker looks for them. */
    void cut(CurationEngine.Watch watch) throws IOException {
        List<VerdictJoin> joins = new ArrayList<>();
        try {
            for (Path folder : folders) {
                joins.add(new VerdictJoin(VerdictFolder.of(folder).open()));
            }
            if (any()) {
                for (TraceSplit split : pieces.splits()) {
                    watch.check();
                    cut(split, joins);
                }
                joins.forEach(VerdictJoin::end);
            }
        } finally {
            for (VerdictJoin join : joins) {
                join.close();
            }
        }
    }

    private void cut(TraceSplit split, List<VerdictJoin> joins) throws IOException {
        try (TraceSplit.Rows<TraceVerdict.Key> keys = split.keys();
                VerdictList.Writer out = new VerdictList.Writer(pieces.given(split))) {
            while (keys.hasNext()) {
                TraceVerdict.Key key = keys.next();
                List<Verdict> verdicts = new ArrayList<>();
                for (VerdictJoin join : joins) {
                    Verdict verdict = join.of(key);
                    if (verdict != null) {
                        verdicts.add(verdict);
                    }
                }
                out.add(verdicts);
            }
        }
    }
}
