package dev.distill.data.spark;

import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.DecisionLine;
import dev.distill.data.curate.ExaminedReader;
import dev.distill.data.curate.ExaminedRow;
import dev.distill.data.curate.Fate;
import dev.distill.data.curate.Tally;
import dev.distill.data.curate.VerdictList;
import dev.distill.data.shard.TraceSplit;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** Decides what becomes of each trace of a split, by what the steps dropped: writes its lines of {@code decisions.jsonl}, and counts. */
record DecideTask(
        Broadcast<CurationSettings> settings,
        Broadcast<SplitFiles> splitFiles,
        @Nullable MixChoice mix,
        boolean writes) implements Cluster.Task<Tuple2<Integer, Fate>, DecideTask.Result> {

    /**
     * What was counted.
     *
     * @param kept by place in the split
     * @param sizes of the traces that are kept, in their order
     */
    record Result(int rows, Tally tally, long[] kept, int[] sizes) implements Serializable {}

    @Override
    public Result run(Iterator<Tuple2<Integer, Fate>> dropped) throws IOException {
        TraceSplit split = splitFiles.value().splits().get(TaskContext.getPartitionId());
        Map<Integer, Fate> fates = new HashMap<>();
        dropped.forEachRemaining(one -> fates.put(one._1(), one._2()));
        Tally tally = new Tally(settings.value());
        BitSet kept = new BitSet();
        LongArray sizes = new LongArray();
        try (ExaminedReader rows = splitFiles.value().examined(split).rows();
                Lines lines = new Lines(split)) {
            for (int i = 0; i < split.rows(); i++) {
                ExaminedRow row = rows.next();
                Fate fate = fate(row, fates.get(split.place() + i), split.place() + i);
                tally.decided(row.facts().key().id(), row.source(), fate);
                lines.write(row, fate);
                if (fate == null) {
                    kept.set(i);
                    sizes.add(row.size());
                }
            }
            lines.publish();
        }
        return new Result(split.rows(), tally, kept.toLongArray(), sizes.toIntArray());
    }

    private @Nullable Fate fate(ExaminedRow row, @Nullable Fate chosen, int place) {
        if (row.failure() != null) {
            return row.failure();
        }
        return chosen != null || mix == null ? chosen : mix.fate(row.facts(), place);
    }

    /** The lines of a split, under another name until they are whole; nothing where nothing is to be written. */
    private final class Lines implements AutoCloseable {
        private final Path target;
        private final Path temporary;
        private final @Nullable BufferedWriter out;
        private final @Nullable VerdictList verdicts;

        Lines(TraceSplit split) throws IOException {
            this.target = splitFiles.value().decisions(split);
            this.temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
            this.out = writes ? Files.newBufferedWriter(temporary) : null;
            this.verdicts = writes ? splitFiles.value().examined(split).verdicts() : null;
        }

        void write(ExaminedRow row, @Nullable Fate fate) throws IOException {
            if (out != null && verdicts != null) {
                out.write(DecisionLine.of(
                        row.facts().key().id(),
                        row.promptId(),
                        row.facts().key().sample(),
                        fate,
                        verdicts.next()));
                out.newLine();
            }
        }

        void publish() throws IOException {
            if (out != null) {
                out.close();
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }

        @Override
        public void close() throws IOException {
            try (out;
                    verdicts) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
