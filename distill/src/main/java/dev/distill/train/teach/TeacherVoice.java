package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
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
     * A text of the student's own.
     *
     * @param prompt what it answers; none where the teacher reads ids
     * @param sample in the student's ids: the prompt as the student's template renders it, then what the student has written, which is all that is
     *     trained
     * @param ended whether its last token ends the turn
     */
    record Written(List<Message> prompt, Sample sample, boolean ended) {}

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

    /** Whether it reads the messages of what the student has written, and not its ids. */
    boolean readsMessages();

    /** The same of texts that the student has written. */
    List<SparseDistributions> read(List<Written> texts);

    /** Texts that it was given so far and could not read, of which all places name no token. */
    default long unread() {
        return 0;
    }
}
