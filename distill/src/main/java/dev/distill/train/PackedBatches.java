package dev.distill.train;

import dev.distill.data.pack.Batch;
import dev.distill.data.pack.Batches;
import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Packing;
import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.trace.Hash;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Sequences;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Samples packed into rows, in an order of each epoch's own: a fixed number of samples a step, or as many as fill rows of a fixed number of tokens. With
 * a fixed number step k sees the same samples whatever they hold, so that two students can be taught the same traces in the same steps, one with the
 * reasoning and one without.
 */
public final class PackedBatches implements BatchSource {
    private final Batches batches;
    private final RowTeacher teacher;
    private final Supplier<SequencedMap<String, String>> makeIdentity;
    private @Nullable SequencedMap<String, String> identity;

    /**
     * Of samples in memory, so many a step.
     *
     * @param samples at least one; those longer than a row are left out of their batches
     * @param batchSamples samples of one step
     * @param rowTokens the most tokens of one row
     */
    public PackedBatches(List<Sample> samples, int batchSamples, int rowTokens, long seed) {
        this(
                Samples.of(samples),
                new Packing(rowTokens, new Packing.Count(batchSamples), Packing.OverLong.DROP, seed),
                RowTeacher.NONE);
    }

    /**
     * Of any samples, with a teacher beside the text. Where a step has a number of samples, the pieces of one that is split are all in the step that
     * the sample is in.
     */
    public PackedBatches(Samples samples, Packing packing, RowTeacher teacher) {
        this.batches = new Batches(samples, packing);
        this.teacher = teacher;
        this.makeIdentity = () -> identity(samples, packing, teacher);
    }

    /** Steps of one pass over all samples. */
    public int stepsOfAnEpoch() {
        return batches.count();
    }

    /** Samples that are longer than a row. */
    public int overLong() {
        return batches.overLong();
    }

    /** What share of the rows of the first epoch is tokens, 0 to 1. */
    public double density() {
        return batches.density(0);
    }

    /** Sequences of an epoch: one for each sample that fits into a row, and the pieces of those that are split. */
    public int pieces() {
        return batches.pieces();
    }

    @Override
    public List<PackedRow> step(int step) {
        return packed(step).map(row -> row(row, teacher)).toList();
    }

    @Override
    public int dropped(int step) {
        return batches.dropped(at(step));
    }

    @Override
    public List<String> traceIds(int step) {
        return packed(step).flatMap(row -> row.traceIds().stream()).toList();
    }

    private Stream<Packed> packed(int step) {
        return batches.rows(at(step));
    }

    private Batch.Cursor at(int step) {
        return batches.at((step - 1) / stepsOfAnEpoch(), (step - 1) % stepsOfAnEpoch());
    }

    static PackedRow row(Packed row, RowTeacher teacher) {
        return new PackedRow(row.ids(), row.targets(), new Sequences(row.starts()), teacher.of(row));
    }

    @Override
    public String fingerprint() {
        return Hash.of(identity().values());
    }

    /** {@inheritDoc} Reads all samples the first time. */
    @Override
    public SequencedMap<String, String> identity() {
        SequencedMap<String, String> parts = identity;
        if (parts == null) {
            parts = Collections.unmodifiableSequencedMap(makeIdentity.get());
            identity = parts;
        }
        return parts;
    }

    private static SequencedMap<String, String> identity(Samples samples, Packing packing, RowTeacher teacher) {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put("samples", samples.size() + " of " + fingerprint(samples));
        parts.put("row tokens", Integer.toString(packing.rowTokens()));
        parts.put("batch", packing.rule().toString());
        parts.put("over-long samples", packing.overLong().toString());
        parts.put("seed", Long.toString(packing.seed()));
        if (teacher != RowTeacher.NONE) {
            parts.put("teacher", teacher.fingerprint());
        }
        return parts;
    }

    private static String fingerprint(Samples samples) {
        return Hash.of(() -> IntStream.range(0, samples.size())
                .mapToObj(samples::get)
                .map(sample -> sample.traceId()
                        + Arrays.hashCode(sample.ids())
                        + sample.trained().hashCode())
                .iterator());
    }
}
