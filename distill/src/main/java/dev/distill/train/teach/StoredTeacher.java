package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherDistributions;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.SoftTargets;
import dev.distill.student.ops.TeacherRows;
import dev.distill.train.RowTeacher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A teacher whose distributions were taken before and lie in a folder. Batches ask for samples in any order, which Parquet is slow at: so the encoded
 * distributions are laid one behind the other into a file that is mapped, and only where each begins is kept in memory.
 */
public final class StoredTeacher implements RowTeacher, AutoCloseable {
    private final Distillation how;
    private final DistributionSource source;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment codes;
    private final Map<String, Place> places;

    /** Where a sample's distributions lie. */
    private record Place(long offset, int bytes, int count, int k) {}

    private StoredTeacher(Distillation how, DistributionSource source, Path file, Map<String, Place> places)
            throws IOException {
        this.how = how;
        this.source = source;
        this.places = places;
        try (FileChannel channel = FileChannel.open(file)) {
            this.codes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /**
     * Opens what a folder has of these samples.
     *
     * @param source what the folder must come from
     * @param spill a file that is written; it may be deleted once this is closed
     * @throws IOException if a sample is missing, or is not the one that the teacher has read
     */
    public static StoredTeacher open(
            Distillation how, DistributionFolder folder, DistributionSource source, List<Sample> samples, Path spill)
            throws IOException {
        Map<String, Sample> wanted = new HashMap<>();
        samples.forEach(sample -> wanted.put(sample.traceId(), sample));
        Map<String, Place> places = new HashMap<>();
        try (FileChannel out = FileChannel.open(
                spill, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            folder.forEach(source, row -> {
                Sample sample = wanted.get(row.traceId());
                if (sample != null && row.sampleHash().equals(TeacherDistributions.hashOf(sample))) {
                    places.put(row.traceId(), append(out, row));
                }
            });
        }
        List<String> missing = wanted.keySet().stream()
                .filter(id -> !places.containsKey(id))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new IOException(folder.path() + ": the teacher has said nothing of " + missing.size() + " of "
                    + wanted.size() + " samples as they are now, trace " + missing.getFirst()
                    + " among them; has the template or the tokenizer changed? Let the teacher read them again");
        }
        return new StoredTeacher(how, source, spill, places);
    }

    private static Place append(FileChannel out, TeacherDistributions row) {
        try {
            long offset = out.position();
            ByteBuffer code = ByteBuffer.wrap(row.code());
            while (code.hasRemaining()) {
                int ignored = out.write(code);
            }
            return new Place(offset, row.code().length, row.places(), row.k());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SoftTargets of(Packed row) {
        int k = source.topK();
        int[] ids = new int[row.length() * k];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, TeacherRows.NONE);
        for (int s = 0; s < row.traceIds().size(); s++) {
            SparseDistributions said = read(row.traceIds().get(s));
            int place = 0;
            for (int n = row.starts()[s]; n < row.starts()[s + 1]; n++) {
                if (row.targets()[n] != Packed.NOT_TRAINED) {
                    said.copy(place++, ids, logProbabilities, n * k);
                }
            }
        }
        return new SoftTargets(new TeacherRows(k, ids, logProbabilities), how);
    }

    private SparseDistributions read(String traceId) {
        Place place = places.get(traceId);
        if (place == null) {
            throw new IllegalStateException(
                    "teacher: sample " + traceId + " was not among those that it was opened for");
        }
        byte[] code = codes.asSlice(place.offset, place.bytes).toArray(ValueLayout.JAVA_BYTE);
        return SparseDistributions.decode(code, place.count, place.k);
    }

    @Override
    public String fingerprint() {
        return how + " of " + source;
    }

    @Override
    public void close() {
        arena.close();
    }
}
