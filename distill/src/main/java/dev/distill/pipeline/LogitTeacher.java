package dev.distill.pipeline;

import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.model.Decoder;
import dev.distill.student.ops.Ops;
import dev.distill.train.BatchSource;
import dev.distill.train.RowTeacher;
import dev.distill.train.SampleMaker;
import dev.distill.train.teach.OnPolicyBatches;
import dev.distill.train.teach.StoredTeacher;
import dev.distill.train.teach.TaughtSamples;
import dev.distill.train.teach.TeacherPass;
import dev.distill.train.teach.TeacherVoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The teacher of {@code train.distill}, while a student is trained. It reads every training sample once, before the first step, and what it expects
 * lies in {@code teacher/} beside the checkpoints; it stays open only where it is asked of the student's own texts too.
 */
final class LogitTeacher implements AutoCloseable {
    private static final String FOLDER = "teacher";
    private static final String SPILL = ".teacher.tmp";

    private final DistillPart part;
    private final StoredTeacher stored;
    private final @Nullable Student open;
    private final TeacherVoice voice;

    private LogitTeacher(DistillPart part, StoredTeacher stored, @Nullable Student open, TeacherVoice voice) {
        this.part = part;
        this.stored = stored;
        this.open = open;
        this.voice = voice;
    }

    /**
     * Who is taught.
     *
     * @param words of the student
     * @param vocabulary rows of its embedding
     * @param objective what of a trace is taught
     */
    record Pupil(Language words, int vocabulary, SampleMaker.Objective objective) {}

    /**
     * Lets the teacher read what it has not yet read.
     *
     * @param folder of the training
     * @param done hears how many samples are read
     * @throws Stop.StoppedException if it was stopped; what is read so far is kept
     */
    static LogitTeacher read(
            DistillPart part,
            Pupil pupil,
            TaughtSamples samples,
            Path folder,
            Ops ops,
            BooleanSupplier stop,
            LongConsumer done)
            throws IOException {
        Student teacher = Student.open(part.folder(), null, ops);
        try {
            TeacherVoice voice = TeacherVoice.of(
                    teacher,
                    pupil.words(),
                    pupil.vocabulary(),
                    pupil.objective(),
                    part.topK(),
                    part.how().temperature());
            requirePositions(part, teacher, samples.samples());
            DistributionSource source = new DistributionSource(
                    pupil.words().tokenizer().sha256(),
                    teacher.name(),
                    teacher.fingerprint(),
                    Math.min(part.topK(), teacher.config().vocabulary()),
                    part.how().temperature());
            DistributionFolder distributions = new DistributionFolder(folder.resolve(FOLDER));
            if (!new TeacherPass(voice, source, distributions).run(samples, stop, done)) {
                throw new Stop.StoppedException(
                        "train: stopped while the teacher was reading; what it has read is kept, and the same command goes on from there");
            }
            StoredTeacher stored = StoredTeacher.open(
                    part.how(),
                    distributions,
                    source,
                    samples.samples(),
                    folder.resolve(FOLDER).resolve(SPILL));
            boolean needed = part.onPolicy() > 0;
            if (!needed) {
                teacher.close();
            }
            return new LogitTeacher(part, stored, needed ? teacher : null, voice);
        } catch (IOException | RuntimeException e) {
            teacher.close();
            throw e;
        }
    }

    /** It reads a sample whole, also one of which the student sees a piece at a time. */
    private static void requirePositions(DistillPart part, Student teacher, Samples samples) {
        int most = teacher.config().maxPositions();
        long longer = IntStream.range(0, samples.size())
                .filter(i -> samples.length(i) > most)
                .count();
        if (longer > 0) {
            throw new RecipeException(
                    "train",
                    List.of("train.distill.model: " + part.folder() + " is meant for " + most + " tokens, and " + longer
                            + " of " + samples.size()
                            + " samples are longer; take another teacher, or make train.row-tokens at"
                            + " most that and set train.over-long to drop"));
        }
    }

    /** What it has said of the traces. */
    RowTeacher stored() {
        return stored;
    }

    /** The steps: those of the traces, and the student's own among them where the recipe wants that. */
    BatchSource batches(BatchSource traces, TrainPart train, Student student, TaughtSamples prompts, long seed)
            throws IOException {
        if (part.onPolicy() == 0) {
            return traces;
        }
        Decoder model = student.model();
        OnPolicyBatches.Settings settings = new OnPolicyBatches.Settings(
                part.onPolicy(),
                train.batchSamples(),
                part.newTokens(),
                1,
                Math.min(train.rowTokens(), model.config().maxPositions()),
                seed,
                part.how());
        return new OnPolicyBatches(traces, settings, model, voice, prompts, student.endIds());
    }

    @Override
    public void close() {
        stored.close();
        if (open != null) {
            open.close();
        }
    }
}
