package dev.distill.data.spark;

import dev.distill.data.curate.ExaminedFiles;
import dev.distill.data.curate.ExaminedReader;
import dev.distill.data.curate.ExaminedRow;
import dev.distill.data.shard.TraceSplit;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * The traces in splits, a task each, and the folder in which all workers find what is known of each.
 *
 * @param splits in the order of the traces; trace {@code place} is in one of them
 * @param folder that all workers see
 */
record SplitFiles(List<TraceSplit> splits, String folder) implements Serializable {
    /** What hears of the traces of a split. */
    @FunctionalInterface
    interface Visitor {
        void see(int place, ExaminedRow row) throws IOException;
    }

    SplitFiles {
        splits = List.copyOf(splits);
    }

    /** Traces in all. */
    int rows() {
        return splits.isEmpty() ? 0 : splits.getLast().end();
    }

    ExaminedFiles examined(TraceSplit split) {
        return new ExaminedFiles(folder, name(split));
    }

    /** Verdicts of checks that ran apart. */
    Path apartVerdicts(TraceSplit split) {
        return Path.of(folder, name(split) + ".apart");
    }

    /** The lines of its decisions. */
    Path decisions(TraceSplit split) {
        return Path.of(folder, name(split) + ".decisions");
    }

    private static String name(TraceSplit split) {
        return String.format(Locale.ROOT, "%06d", split.number());
    }

    /** The split that this trace is in. */
    int numberOf(int place) {
        int low = 0;
        int high = splits.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (splits.get(middle).place() <= place) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Goes through the traces of a split that are among these. */
    void visit(TraceSplit split, BitSet places, Visitor visitor) throws IOException {
        try (ExaminedReader rows = examined(split).rows()) {
            for (int place = split.place(); place < split.end(); place++) {
                ExaminedRow row = rows.next();
                if (places.get(place)) {
                    visitor.see(place, row);
                }
            }
        }
    }
}
