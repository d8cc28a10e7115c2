package dev.distill.train;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.trace.Trace;
import java.util.List;

/** A model that tells what it expects at the trained tokens of a student's samples, in the student's ids. */
public interface TeacherVoice {
    /**
     * One sample, and what it was made of.
     *
     * @param sample in the student's ids
     */
    record Taught(Trace trace, Sample sample) {}

    /** A place for each trained token of each sample, in their order; places of which the teacher says nothing name no token. */
    List<SparseDistributions> expect(List<Taught> samples);

    /** Which of the two ways the ids go, for the log. */
    String describe();
}
