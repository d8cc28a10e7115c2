package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherDistributions;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.SoftTargets;
import dev.distill.train.RowTeacher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A teacher whose distributions were taken before and lie in a folder. Batches ask for samples in any order, which Parquet is slow at: so the encoded
 * distributions are laid one behind the other into a file that is mapped, and only where each begins is kept in memory: 16 bytes a sample.
 */
public final class StoredTeacher implements RowTeacher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredTeacher.class);

    private static final long NOWHERE = -1;

    /** Before each code: its bytes, its places, tokens of a place. */
    private static final int HEAD = 3 * Integer.BYTES;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final Distillation how;
    private final DistributionSource source;
    private final Path spill;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment codes;
    private final SampleRows rows;
    private final long[] places;

    private StoredTeacher(Distillation how, DistributionSource source, Path spill, SampleRows rows, long[] places)
            throws IOException {
        this.how = how;
        this.source = source;
        this.rows = rows;
        this.places = places;
        this.spill = spill;
        try (FileChannel channel = FileChannel.open(spill)) {
            this.codes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /**
     * Opens what a folder has of these samples.
     *
     * @param source what the folder must come from
     * @param spill a file that is written, and deleted when this is closed
     * @throws IOException if a sample is missing, or is not the one that the teacher has read
     */
    public static StoredTeacher open(
            Distillation how, DistributionFolder folder, DistributionSource source, Samples samples, Path spill)
            throws IOException {
        SampleRows rows = new SampleRows(samples);
        long[] places = new long[samples.size()];
        Arrays.fill(places, NOWHERE);
        try (FileChannel out = FileChannel.open(
                spill, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            folder.forEach(source, row -> {
                int number = rows.number(row);
                if (number != SampleRows.NONE) {
                    places[number] = append(out, row);
                }
            });
        }
        int[] missing = IntStream.range(0, places.length)
                .filter(i -> places[i] == NOWHERE && rows.number(samples.traceId(i)) == i)
                .toArray();
        if (missing.length > 0) {
            throw new IOException(folder.path() + ": the teacher has said nothing of " + missing.length + " of "
                    + samples.size() + " samples as they are now, trace " + samples.traceId(missing[0])
                    + " among them; has the template or the tokenizer changed? Let the teacher read them again");
        }
        return new StoredTeacher(how, source, spill, rows, places);
    }

    /** The numbers of a code, and the code; returns where they begin. */
    private static long append(FileChannel out, TeacherDistributions row) {
        try {
            long offset = out.position();
            ByteBuffer code = ByteBuffer.allocate(HEAD + row.code().length).order(ByteOrder.nativeOrder());
            code.putInt(row.code().length).putInt(row.places()).putInt(row.k());
            code.put(row.code()).flip();
            while (code.hasRemaining()) {
                int ignored = out.write(code);
            }
            return offset;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SoftTargets of(Packed row) {
        return TaughtRow.targets(row, row.traceIds().stream().map(this::read).toList(), how);
    }

    private SparseDistributions read(String traceId) {
        int number = rows.number(traceId);
        if (number < 0) {
            throw new IllegalStateException(
                    "teacher: sample " + traceId + " was not among those that it was opened for");
        }
        long at = places[number];
        byte[] code = codes.asSlice(at + HEAD, codes.get(INT, at)).toArray(ValueLayout.JAVA_BYTE);
        return SparseDistributions.decode(
                code, codes.get(INT, at + Integer.BYTES), codes.get(INT, at + 2 * Integer.BYTES));
    }

    @Override
    public String fingerprint() {
        return how + " of " + source;
    }

    @Override
    public void close() {
        arena.close();
        try {
            Files.deleteIfExists(spill);
        } catch (IOException e) {
            LOG.warn("teacher: {} is of no use any more and could not be deleted: {}", spill, e.toString());
        }
    }
}
