package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherDistributions;
import dev.distill.train.teach.TeacherVoice.Taught;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Lets a teacher read every sample once, and keeps what it expects. Stopped at any moment, it goes on behind the last whole file. */
public final class TeacherPass {
    /** Tokens that a teacher reads at a time: enough for products to be fast, few enough for little memory. */
    private static final int ROW_TOKENS = 2048;

    private final TeacherVoice teacher;
    private final DistributionSource source;
    private final DistributionFolder folder;

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
    public boolean run(List<Taught> samples, BooleanSupplier stop, LongConsumer done) throws IOException {
        List<Taught> left = left(samples);
        long finished = samples.size() - left.size();
        done.accept(finished);
        try (DistributionFolder.Writer writer = folder.append(source)) {
            List<Taught> together = new ArrayList<>();
            int tokens = 0;
            for (int i = 0; i < left.size() && !stop.getAsBoolean(); i++) {
                together.add(left.get(i));
                tokens += left.get(i).sample().length();
                boolean last = i + 1 == left.size();
                if (last || tokens + left.get(i + 1).sample().length() > ROW_TOKENS) {
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

    private List<Taught> left(List<Taught> samples) throws IOException {
        Map<String, String> there = new HashMap<>();
        folder.forEach(source, row -> there.put(row.traceId(), row.sampleHash()));
        return samples.stream()
                .filter(taught -> !TeacherDistributions.hashOf(taught.sample())
                        .equals(there.get(taught.sample().traceId())))
                .toList();
    }

    private void write(List<Taught> together, DistributionFolder.Writer writer) throws IOException {
        List<SparseDistributions> said = teacher.expect(together);
        for (int i = 0; i < said.size(); i++) {
            Sample sample = together.get(i).sample();
            writer.write(TeacherDistributions.of(sample, said.get(i)));
        }
    }
}
