package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.trace.Trace;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.TeacherRows;
import dev.distill.train.SampleMaker;
import java.util.List;

/** A model that tells what it expects at the trained tokens of a student's samples, in the student's ids. */
public interface TeacherVoice {
    /**
     * One sample, and what it was made of.
     *
     * @param sample in the student's ids
     */
    record Taught(Trace trace, Sample sample) {}

    /**
     * A model as the teacher of a student: by the ids, where both call the same tokens by the same ids, else aligned on characters.
     *
     * @param studentVocabulary rows of the student's embedding
     * @param objective what of a trace is taught
     * @throws IllegalArgumentException if there is no way from one vocabulary to the other
     */
    static TeacherVoice of(
            Student teacher,
            Language studentWords,
            int studentVocabulary,
            SampleMaker.Objective objective,
            int topK,
            double temperature) {
        return VocabularyMap.isSame(teacher.language().tokenizer(), studentWords.tokenizer())
                ? new SameTokens(teacher.model(), studentVocabulary, topK, temperature)
                : new AlignedTokens(teacher.model(), teacher.language(), studentWords, objective, topK, temperature);
    }

    /** A place for each trained token of each sample, in their order; places of which the teacher says nothing name no token. */
    List<SparseDistributions> expect(List<Taught> samples);

    /** One that reads ids as the student writes them. */
    interface OfIds {
        /** What it expects at each row that has a target. */
        TeacherRows expect(PackedRow row);
    }
}
