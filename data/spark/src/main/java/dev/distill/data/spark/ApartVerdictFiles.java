package dev.distill.data.spark;

import dev.distill.data.curate.ApartVerdicts;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.VerdictList;
import dev.distill.data.shard.TraceSplit;
import dev.distill.data.shard.TraceVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Verdicts of checks that ran apart, cut into the splits of the traces. They stand in the order of the traces, so that this is one pass over
 * them and over the answers of the traces, in this process.
 */
record ApartVerdictFiles(List<Path> folders, SplitFiles splitFiles) {
    boolean any() {
        return !folders.isEmpty();
    }

    /** Writes those of each split where its worker looks for them. */
    void write(CurationEngine.Watch watch) throws IOException {
        if (!any()) {
            return;
        }
        try (ApartVerdicts verdicts = new ApartVerdicts(folders)) {
            for (TraceSplit split : splitFiles.splits()) {
                watch.check();
                write(split, verdicts);
            }
            verdicts.end();
        }
    }

    private void write(TraceSplit split, ApartVerdicts verdicts) throws IOException {
        try (TraceSplit.Rows<TraceVerdict.Key> keys = split.keys();
                VerdictList.Writer out = new VerdictList.Writer(splitFiles.apartVerdicts(split))) {
            while (keys.hasNext()) {
                out.add(verdicts.of(keys.next()));
            }
        }
    }
}
