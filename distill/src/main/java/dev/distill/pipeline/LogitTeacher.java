package dev.distill.pipeline;

import dev.distill.respond.Student;
import dev.distill.student.model.Decoder;
import dev.distill.train.BatchSource;
import dev.distill.train.RowTeacher;
import dev.distill.train.teach.OnPolicyBatches;
import dev.distill.train.teach.StoredTeacher;
import dev.distill.train.teach.TaughtSamples;
import dev.distill.train.teach.TeacherVoice;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The teacher of {@code train.distill}, while a student is trained: what it expects of every training sample, and it itself, where it is asked of the
 * student's own texts too. {@link TeacherReading} makes it.
 */
final class LogitTeacher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogitTeacher.class);

    private final DistillPart part;
    private final StoredTeacher stored;
    private final Runnable closing;
    private final @Nullable TeacherVoice voice;

    /**
     * @param stored what it has said of the traces; closed with this
     * @param closing ends what else there is of it
     * @param voice null where the student's own texts are not read
     */
    LogitTeacher(DistillPart part, StoredTeacher stored, Runnable closing, @Nullable TeacherVoice voice) {
        this.part = part;
        this.stored = stored;
        this.closing = closing;
        this.voice = voice;
    }

    /** What it has said of the traces. */
    RowTeacher stored() {
        return stored;
    }

    /** The steps: those of the traces, and the student's own among them where the recipe wants that. */
    BatchSource batches(BatchSource traces, TrainPart train, Student student, TaughtSamples prompts, long seed)
            throws IOException {
        if (voice == null) {
            return traces;
        }
        Decoder model = student.model();
        OnPolicyBatches.Settings settings = new OnPolicyBatches.Settings(
                part.onPolicy(),
                train.batches().batchSamples(),
                part.newTokens(),
                1,
                train.batches().rowTokens(),
                seed,
                part.how());
        return new OnPolicyBatches(traces, settings, model, voice, prompts, student.endIds());
    }

    @Override
    public void close() {
        if (voice != null && voice.unread() > 0) {
            LOG.warn("train: the teacher could not read {} texts, of which nothing was learnt from it", voice.unread());
        }
        stored.close();
        closing.run();
    }
}
