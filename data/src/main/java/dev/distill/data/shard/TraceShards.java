package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The shards that {@link TraceWriter} would make of many traces, planned first and then written by several workers, each a file:
 * the same rows in the same files, byte for byte. What a row group ends with follows from the sizes of its rows, what a file
 * ends with from those of its row groups when they are encoded.
 */
public final class TraceShards {
    /** Parquet's first four letters. */
    private static final long HEADER = 4;

    private final ShardSize size;

    public TraceShards(ShardSize size) {
        this.size = size;
    }

    /** About how many bytes a trace has, by which row groups are cut. Its verdicts do not count. */
    public static int size(Trace trace) {
        return Math.toIntExact(
                Math.min(Integer.MAX_VALUE, TraceSchema.FORM.size().applyAsLong(trace)));
    }

    /** Cuts rows, told of one after the other, into row groups. */
    public final class Groups {
        private long bytes;

        /** Whether the group ends with this row. */
        public boolean endsWith(int rowSize) {
            bytes += rowSize;
            boolean ends = size.endsGroup(bytes);
            bytes = ends ? 0 : bytes;
            return ends;
        }
    }

    /** Cuts row groups, told of one after the other, into files. */
    public final class Files {
        private long bytes = HEADER;

        /**
         * Whether the file ends with this group.
         *
         * @param encoded {@link #encodedBytes}
         */
        public boolean endsWith(long encoded) {
            bytes += encoded;
            boolean ends = size.endsFile(bytes);
            bytes = ends ? HEADER : bytes;
            return ends;
        }
    }

    public Groups groups() {
        return new Groups();
    }

    public Files files() {
        return new Files();
    }

    /** How many bytes these traces have as one row group of a file. */
    public static long encodedBytes(List<Trace> group) throws IOException {
        return RowGroup.encode(TraceSchema.FORM, group).bytes(TraceSchema.FORM);
    }

    /**
     * Writes the shard of this number: these traces, which are just those of one file.
     *
     * @param folder an existing one
     * @throws IllegalStateException if they make more files than one
     */
    public FileEntry write(Path folder, int number, Iterator<Trace> traces) throws IOException {
        NumberedFiles files = new NumberedFiles(Storage.local(), folder, TraceSchema.NAME);
        try (RowWriter<Trace> writer = new RowWriter<>(TraceSchema.FORM, files, size, number, 1)) {
            while (traces.hasNext()) {
                writer.write(traces.next());
            }
            writer.finish();
            List<FileEntry> written = new ArrayList<>(writer.published());
            if (written.size() != 1) {
                throw new IllegalStateException("shard " + files.file(number) + ": was planned as one file and became "
                        + written.size() + "; do all machines run the same version?");
            }
            return written.getFirst();
        }
    }

    /** From here on what is in the folder of traces counts as unfinished. Creates it where it is missing. */
    public static void begin(Path folder) throws IOException {
        Storage.local().createFolder(folder);
        TraceWriter.unfinish(Storage.local(), folder);
    }

    /**
     * Completes a folder into which these shards have been moved: deletes other ones, writes the card and, last, the manifest:
     * that of the stage so far, with the files and the number of the traces.
     */
    public static Manifest finish(
            Path folder, Manifest stage, DatasetCard card, List<FileEntry> shards, TraceCounts counts)
            throws IOException {
        Storage.local().syncFolder(folder);
        return TraceWriter.finish(Storage.local(), folder, stage, card, shards, counts);
    }
}
