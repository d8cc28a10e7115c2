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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A fixed number of samples a step, in an order of each epoch's own, packed into rows: step k sees the same samples
 * whatever they hold, so that two students can be taught the same traces in the same steps, one with the reasoning and
 * one without.
 */
public final class PackedBatches implements BatchSource {
    private final Batches batches;
    private final RowTeacher teacher;
    private final int samples;
    private final int batchSamples;
    private final int stepsOfAnEpoch;
    private final String fingerprint;

    /**
     * @param samples at least one; those longer than a row are left out of their batches
     * @param batchSamples samples of one step
     * @param rowTokens the most tokens of one row
     */
    public PackedBatches(List<Sample> samples, int batchSamples, int rowTokens, long seed) {
        this(samples, batchSamples, rowTokens, seed, RowTeacher.NONE);
    }

    /** The same with a teacher beside the text. */
    public PackedBatches(List<Sample> samples, int batchSamples, int rowTokens, long seed, RowTeacher teacher) {
        Packing packing = new Packing(rowTokens, new Packing.Count(batchSamples), Packing.OverLong.DROP, seed);
        this.batches = new Batches(Samples.of(samples), packing);
        this.samples = samples.size();
        this.batchSamples = batchSamples;
        this.stepsOfAnEpoch = Math.ceilDiv(samples.size(), batchSamples);
        this.teacher = teacher;
        this.fingerprint = fingerprint(samples, packing, teacher);
    }

    /** Steps of one pass over all samples. */
    public int stepsOfAnEpoch() {
        return stepsOfAnEpoch;
    }

    /** Samples that are longer than a row, and so in no batch. */
    public int dropped() {
        return batches.dropped();
    }

    @Override
    public List<PackedRow> step(int step) {
        int epoch = (step - 1) / stepsOfAnEpoch;
        Batch batch = batches.get(new Batch.Cursor(epoch, (step - 1) % stepsOfAnEpoch, 0));
        return rows(batch.rows(), teacher);
    }

    @Override
    public int samples(int step) {
        int before = (step - 1) % stepsOfAnEpoch * batchSamples;
        return Math.min(batchSamples, samples - before);
    }

    /** These samples as rows, for a validation loss. */
    public static List<PackedRow> rows(List<Sample> samples, int rowTokens) {
        if (samples.isEmpty()) {
            return List.of();
        }
        Packing packing = new Packing(rowTokens, new Packing.Count(samples.size()), Packing.OverLong.DROP, 0);
        return rows(
                new Batches(Samples.of(samples), packing)
                        .get(Batch.Cursor.START)
                        .rows(),
                RowTeacher.NONE);
    }

    private static List<PackedRow> rows(List<Packed> packed, RowTeacher teacher) {
        return packed.stream()
                .map(row -> new PackedRow(row.ids(), row.targets(), new Sequences(row.starts()), teacher.of(row)))
                .toList();
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(List<Sample> samples, Packing packing, RowTeacher teacher) {
        List<String> parts = new ArrayList<>(List.of(packing.toString()));
        samples.forEach(sample -> parts.add(sample.traceId()
                + Arrays.hashCode(sample.ids())
                + sample.trained().hashCode()));
        if (teacher != RowTeacher.NONE) {
            parts.add(teacher.fingerprint());
        }
        return Hash.of(parts);
    }
}
