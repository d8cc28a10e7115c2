package dev.distill.train.teach;

import dev.distill.data.pack.Samples;
import dev.distill.data.pack.TraceNumbers;
import dev.distill.data.shard.TeacherDistributions;

/** Which sample a teacher's row is of: the one of its trace, if that has the ids and the loss mask that the teacher has read. */
final class SampleRows {
    /** In the place of a number where the row serves no sample. */
    static final int NONE = TraceNumbers.NONE;

    private final Samples samples;
    private final TraceNumbers numbers;

    SampleRows(Samples samples) {
        this.samples = samples;
        this.numbers = new TraceNumbers(samples);
    }

    int number(TeacherDistributions row) {
        return number(row.traceId(), row.sampleHash());
    }

    int number(String traceId, String sampleHash) {
        int number = numbers.of(traceId);
        boolean same = number != NONE && sampleHash.equals(TeacherDistributions.hashOf(samples.get(number)));
        return same ? number : NONE;
    }

    /** The number of a trace's sample, whatever it is now. */
    int number(String traceId) {
        return numbers.of(traceId);
    }
}
