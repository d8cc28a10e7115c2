package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.RowWriter;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherDistributions;
import dev.distill.data.trace.Trace;
import dev.distill.train.teach.TeacherVoice.Taught;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Lets a teacher read every sample once, and keeps what it expects. Stopped at any moment, it goes on behind the last whole file. */
public final class TeacherPass {
    /** Tokens that a teacher reads at a time: enough for products to be fast, few enough for little memory. */
    private static final int ROW_TOKENS = 2048;

    private final TeacherVoice teacher;
    private final DistributionSource source;
    private final DistributionFolder folder;
    private int silent;

    public TeacherPass(TeacherVoice teacher, DistributionSource source, DistributionFolder folder) {
        this.teacher = teacher;
        this.source = source;
        this.folder = folder;
    }

    /**
     * Reads the samples of which the folder has nothing yet.
     *
     * @param done hears how many samples are done in all, those of earlier processes included
     * @return whether all are done; false if it was stopped
     */
    public boolean run(TaughtSamples taught, BooleanSupplier stop, LongConsumer done) throws IOException {
        Samples samples = taught.samples();
        BitSet left = left(samples);
        long finished = samples.size() - left.cardinality();
        done.accept(finished);
        try (RowWriter<TeacherDistributions> writer = folder.append(source);
                Stream<Trace> traces =
                        left.isEmpty() ? Stream.of() : taught.traces().open()) {
            Iterator<Trace> trace = traces.iterator();
            List<Taught> together = new ArrayList<>();
            int tokens = 0;
            int passed = 0;
            for (int i = left.nextSetBit(0); i >= 0 && !stop.getAsBoolean(); i = left.nextSetBit(i + 1)) {
                for (; passed < i; passed++) {
                    trace.next();
                }
                passed++;
                together.add(new Taught(trace.next(), samples.get(i)));
                tokens += samples.length(i);
                int next = left.nextSetBit(i + 1);
                if (next < 0 || tokens + samples.length(next) > ROW_TOKENS) {
                    write(together, writer);
                    finished += together.size();
                    done.accept(finished);
                    together.clear();
                    tokens = 0;
                }
            }
            writer.finish();
        }
        return finished == samples.size();
    }

    /** Of the samples that {@link #run} has found done or done itself, those of which the teacher said nothing. */
    public int silent() {
        return silent;
    }

    /** The numbers of the samples that the teacher has not read as they are. */
    private BitSet left(Samples samples) throws IOException {
        SampleRows known = new SampleRows(samples);
        BitSet left = new BitSet(samples.size());
        left.set(0, samples.size());
        folder.forEach(source, row -> {
            int number = known.number(row);
            if (number != SampleRows.NONE) {
                silent += left.get(number) && row.isSilent() ? 1 : 0;
                left.clear(number);
            }
        });
        return left;
    }

    private void write(List<Taught> together, RowWriter<TeacherDistributions> writer) throws IOException {
        List<SparseDistributions> said = teacher.expect(together);
        for (int i = 0; i < said.size(); i++) {
            Sample sample = together.get(i).sample();
            TeacherDistributions row = TeacherDistributions.of(sample, said.get(i));
            silent += row.isSilent() ? 1 : 0;
            writer.write(row);
        }
    }
}
